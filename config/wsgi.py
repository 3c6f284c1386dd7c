"""Django and the door in front of it, as config/rsgi.py asks them."""

from __future__ import annotations

import gc
import os

from django.core.wsgi import get_wsgi_application

from config.databases import WEB_SECONDS

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("STATEMENT_SECONDS", f"{WEB_SECONDS}")

gc.disable()  # next to nothing of what is loaded is garbage

application = get_wsgi_application()

from config.door import HEALTH, HOT, Door  # noqa: E402, it needs Django set up

door, health = Door(HOT), Door(HEALTH)
gc.collect()
gc.enable()
gc.freeze()  # what is loaded now stays: no collection needs to look at it again
