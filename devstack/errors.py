"""What can go wrong while starting, as a sentence for the person who started it."""


class StackError(Exception):
    """The product cannot be started or has stopped; the message says why and what to do."""
