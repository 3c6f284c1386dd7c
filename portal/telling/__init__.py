"""Telling: the one way from the outbox to all who are told of what happened."""
