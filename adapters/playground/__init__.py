"""The playground: the whole product on one machine, in a terminal or in a browser page, with no account and no key."""
