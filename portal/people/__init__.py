"""The people of an account: invited, changed, leaving."""
