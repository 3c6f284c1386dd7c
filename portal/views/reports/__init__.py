"""Pages about reports that come by mail."""
