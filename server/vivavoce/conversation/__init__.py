"""The live, in-memory run of an interview: listening, deciding, speaking."""
