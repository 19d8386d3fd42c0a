"""How well the interviewer takes turns: a corpus of hard moments, in real conversations."""
