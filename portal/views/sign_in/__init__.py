"""Pages about signing in: the account's rules, second steps, API tokens."""
