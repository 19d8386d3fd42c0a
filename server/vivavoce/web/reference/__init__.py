"""The reference of the HTTP API: a document for machines and a page for people."""
