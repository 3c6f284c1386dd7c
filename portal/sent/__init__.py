"""What browsers send: from whose page it comes, and that it is done once."""
