"""What people write into the files that roll a key out."""

AWKWARD = 'Büro "West" \\\\ server\\; 100 % $(Get-Date) `x` ’quoted’ & 日本 <planners>'
