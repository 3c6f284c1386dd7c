"""How German readers write days and moments, besides what Django knows of them."""

MOMENT_FORMAT = "D, j. N, H:i"
MOMENT_OF_YEAR_FORMAT = "D, j. N Y, H:i"
DAY_FORMAT = "j. N"
DAY_OF_YEAR_FORMAT = "j. N Y"
DAY_HEADING_FORMAT = "l, j. F Y"
