"""What staff may do to records, declared once for every door: the admin's pages are one."""
