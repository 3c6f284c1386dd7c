"""How English readers write days and moments, besides what Django knows of them."""

MOMENT_FORMAT = "D j M, H:i"
MOMENT_OF_YEAR_FORMAT = "D j M Y, H:i"
DAY_FORMAT = "j M"
DAY_OF_YEAR_FORMAT = "j M Y"
WEEKDAY_FORMAT = "D j M"
WEEKDAY_OF_YEAR_FORMAT = "D j M Y"
DAY_HEADING_FORMAT = "l, j F Y"

DATETIME_FORMAT = "D j M Y, H:i T"
"""What no page of ours words by itself: the admin's times, as its acts tell them."""
