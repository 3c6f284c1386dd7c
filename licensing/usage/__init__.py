"""Use over time: its facts, and the figures that are counted from them."""
