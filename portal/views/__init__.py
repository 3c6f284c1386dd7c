"""The customers' pages, a module per page."""
