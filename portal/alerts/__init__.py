"""Alerts: who is told of what in time, once for each cause and once when it is over."""
