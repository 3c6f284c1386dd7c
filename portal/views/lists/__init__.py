"""Pages about lists themselves: their columns and saved views."""
