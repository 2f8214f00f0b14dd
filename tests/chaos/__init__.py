"""The whole product on bad days: providers that die, processes that are killed."""
