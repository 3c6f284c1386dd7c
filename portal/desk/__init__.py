"""The vendor's desk: what customers ask of it."""
