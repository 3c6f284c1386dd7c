"""The customer API: an account's own programs read what its pages show, and release sessions."""
