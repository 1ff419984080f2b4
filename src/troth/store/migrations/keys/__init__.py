"""Keys: the revisions of the tables that hold keys, blind indexes and evidence, oldest first."""
