"""Views of the same services under the names of other systems."""
