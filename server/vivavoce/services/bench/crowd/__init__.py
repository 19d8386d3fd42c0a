"""Many candidates at real sockets: how many live interviews one core of the server carries."""
