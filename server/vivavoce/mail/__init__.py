"""Writing letters in the candidate's language, and handing them to a mail server or a folder."""
