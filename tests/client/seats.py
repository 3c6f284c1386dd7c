"""The seats that clients hold, as the service counts them."""

from __future__ import annotations

from licensing.models import ClientSession


def in_use(key):
    """How many seats are taken."""
    return ClientSession.objects.active().filter(licence=key.licence).count()
