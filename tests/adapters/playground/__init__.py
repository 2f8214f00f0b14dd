"""The playground: the whole product without an account."""
