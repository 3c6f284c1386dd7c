"""Webhooks: what happens in an account, told to its own systems, signed and until it is there."""
