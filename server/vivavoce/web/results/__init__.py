"""The recruiter's pages: who was interviewed, what was said, and the evidence found in it."""
