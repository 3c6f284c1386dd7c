"""Pages for whoever needs help: requests, help, status, reporting a weakness."""
