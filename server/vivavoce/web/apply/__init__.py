"""The public page of a position: what it is, a form, the proof of an address, what happens next."""
