"""How fast the interviewer answers on this machine: real conversations with a simulated person."""
