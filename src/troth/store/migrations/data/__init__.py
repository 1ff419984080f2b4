"""Data: the revisions of the tables that hold sealed rows, oldest first."""
