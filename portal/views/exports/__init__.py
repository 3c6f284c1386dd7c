"""Pages that make files of lists."""
