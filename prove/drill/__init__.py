"""Backup and restore under load, proven by what clients and administrators had been told."""
