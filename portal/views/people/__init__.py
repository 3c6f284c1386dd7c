"""Pages about people: the account's, those invited, those leaving, and oneself."""
