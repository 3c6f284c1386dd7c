"""Reports: lists, the licence position and use, mailed week by week or month by month."""
