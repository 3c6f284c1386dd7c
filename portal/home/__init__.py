"""The home page: how licences stand, and what needs somebody."""
