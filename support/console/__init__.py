"""The support console: what the vendor's staff look up, and do, for whoever calls."""
