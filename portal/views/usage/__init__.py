"""Pages about use over time: who was refused."""
