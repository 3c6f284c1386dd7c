"""Pages about sessions: who is using a licence, releasing, blocking."""
