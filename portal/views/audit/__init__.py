"""Pages of the audit record."""
