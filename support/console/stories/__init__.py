"""The stories of the session look-up: what happened to somebody, and what is done next."""
