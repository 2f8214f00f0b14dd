"""Everything that touches the outside: models, the store and the surfaces, one SDK each."""
