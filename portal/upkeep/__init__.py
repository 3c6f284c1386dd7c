"""What operators look at and run: health, secrets, the state of the service."""
