"""What every page for the people of an organization shares: how it looks and what it may load."""
