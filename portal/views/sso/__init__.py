"""Pages of single sign-on: as people meet it, and as owners set it up."""
