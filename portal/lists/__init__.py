"""What every list is made of: places, pages, columns, searches, days, saved views."""
