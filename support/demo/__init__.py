"""Simulated desktops: the demo's history and live traffic, and the fleet that tries the product.

One model of how people use their programs (``desktops``) acts on one of two
doors: straight on the domain in simulated time, or on the client API over HTTP in
real time.
"""
