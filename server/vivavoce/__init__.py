"""Vivavoce, a self-hosted AI voice interviewer."""

__version__ = "0.1.0"
