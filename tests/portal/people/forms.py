"""What forms about people send."""

from __future__ import annotations

PROFILE = {"name": "Priya Shah", "language": "", "time_zone": "", "theme": "auto"}
