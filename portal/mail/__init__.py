"""Mails: written in the reader's language, kept, and sent until they are there."""
