"""How licences are used over time: who was refused."""
