"""A customer's careers site, on its own origin, with Vivavoce embedded."""
