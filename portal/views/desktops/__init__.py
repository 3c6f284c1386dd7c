"""Pages about people and machines as programs know them."""
