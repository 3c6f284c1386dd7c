"""The fleet: desktops that try a running product, what they were told, and what that proves."""
