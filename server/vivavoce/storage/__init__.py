"""SQLite and files: the durable side of the ports."""
