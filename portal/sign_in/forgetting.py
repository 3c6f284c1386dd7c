"""What the portal forgets of people: sessions, sign-ins, and changes of address that are over."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db.models import Exists, OuterRef
from django.db.models.functions import Now

from licensing.history import delete_in_batches
from portal.models import EmailChange, SignIn


def forget_ended_sign_ins() -> int:
    """Delete sessions whose time is over, those without a person too; return how many."""
    return delete_in_batches(Session.objects.filter(expire_date__lt=Now()))


def prune() -> int:
    """Delete what is older than we keep it; return how many.

    A person's last sign-in stays however old it is: beside it their next one can be unusual.
    """
    oldest = Now() - dt.timedelta(days=settings.KEEP_HISTORY_DAYS)
    newer = SignIn.objects.filter(user=OuterRef("user"), at__gt=OuterRef("at"))
    old_sign_ins = SignIn.objects.filter(Exists(newer), at__lt=oldest)
    changes = EmailChange.objects.filter(
        ends_at__lt=Now() - dt.timedelta(days=settings.KEEP_EMAIL_CHANGES_DAYS)
    )
    return delete_in_batches(old_sign_ins) + delete_in_batches(changes)
