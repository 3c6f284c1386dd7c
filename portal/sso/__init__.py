"""Single sign-on: the account's own provider, and whom it signs in."""
