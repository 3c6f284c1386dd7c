"""An account closed, or merged into another: what becomes of all that it has."""
