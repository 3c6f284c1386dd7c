"""Proves from a recorded history that nothing the product promised was lost under faults."""
