"""Django, as config/rsgi.py asks it."""

from __future__ import annotations

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("STATEMENT_SECONDS", "5")  # whoever waits for a page; workers take longer

application = get_wsgi_application()
gc.collect()
gc.freeze()  # what is loaded now stays: no collection needs to look at it again
