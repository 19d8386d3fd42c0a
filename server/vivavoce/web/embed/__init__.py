"""What a host page and the frame application load."""
