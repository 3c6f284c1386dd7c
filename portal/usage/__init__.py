"""How licences are used over time: its figures, and who was refused."""
