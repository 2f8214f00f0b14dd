"""How much people and workspaces may use in a day, and how much they have used."""
