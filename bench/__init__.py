"""What the product does per second on one machine, as ratios measured in one run."""
