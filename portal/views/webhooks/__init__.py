"""Pages about webhooks: which there are, how they stand, what was sent to them."""
