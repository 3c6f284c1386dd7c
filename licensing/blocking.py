"""Releasing somebody and keeping them out, in one step."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from licensing import rules, sessions
from licensing.audit import Actor
from licensing.models import ClientSession
from licensing.rules import NewRule


@transaction.atomic
def release_and_block(
    session: ClientSession, wanted: Sequence[NewRule], *, by: Actor, reason: str
) -> bool:
    """Block whom the rules say and release the session; False if the session had ended already."""
    was_open = sessions.release(session, by=by, reason=reason)  # the seat before the account
    rules.add_all(session.licence.account, wanted, by=by, reason=reason)
    return was_open
