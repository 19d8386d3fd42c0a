"""Makers of small model files in the true formats, for tests of the real libraries."""
