"""What staff do, for those who look after them: seen, flagged, signed each week."""
