"""Files by which an IT department rolls a product key out without touching a desk."""
