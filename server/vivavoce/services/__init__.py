"""What the product does: every rule that a route, a command or a worker applies."""
