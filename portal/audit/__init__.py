"""The audit record as people read it."""
