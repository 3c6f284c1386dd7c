"""A person's own way in, and a program's: passwords, second steps, sessions, tokens."""
