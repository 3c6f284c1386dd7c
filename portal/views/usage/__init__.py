"""Pages about use over time: its figures, and who was refused."""
