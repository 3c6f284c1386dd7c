"""Licences as an account has them: rows, keys, devices, tags, notes, rules."""
