"""A kept form in words: what it was for, on which licence, and what was typed into which field."""

from __future__ import annotations

import re

from django.urls import Resolver404, ResolverMatch, resolve
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from licensing.models import Licence
from portal.models import KeptForm

CHOSEN = re.compile(r"[\w.:/+-]*", re.ASCII)
"""What a value looks like that was chosen, or is one word."""
ACTS: dict[str, str | Promise] = {
    "rename_licence": gettext_lazy("Rename"),
    "licence_notes": gettext_lazy("Notes"),
    "licence_tags": gettext_lazy("Tags"),
    "add_rule": gettext_lazy("Block somebody"),
    "block_session": gettext_lazy("Block"),
    "release_session": gettext_lazy("Release"),
    "new_request": gettext_lazy("Ask us"),
    "invite": gettext_lazy("Invite people"),
}
"""What a form was for, by the name of its address."""
SECTIONS: dict[str, str | Promise] = {
    "licences": gettext_lazy("Licences"),
    "sessions": gettext_lazy("Sessions"),
    "people": gettext_lazy("People"),
    "requests": gettext_lazy("Requests"),
    "usage": gettext_lazy("Usage"),
    "audit": gettext_lazy("Audit log"),
    "webhooks": gettext_lazy("Webhooks"),
    "api-tokens": gettext_lazy("API tokens"),
    "security": gettext_lazy("Security"),
    "settings": gettext_lazy("Settings"),
    "profile": gettext_lazy("Profile"),
}
"""Where a form stood, by how its address begins."""
FIELDS: dict[str, str | Promise] = {
    "username": gettext_lazy("User"),
    "machine_name": gettext_lazy("Machine"),
    "reason": gettext_lazy("Reason"),
    "name": gettext_lazy("Name"),
    "label": gettext_lazy("Label"),
    "text": gettext_lazy("Your message"),
    "message": gettext_lazy("Your message"),
    "notes": gettext_lazy("Notes"),
    "tags": gettext_lazy("Tags"),
    "emails": gettext_lazy("E-mail addresses"),
    "email": gettext_lazy("E-mail address"),
    "seats": gettext_lazy("User limit that you want"),
    "ends_on": gettext_lazy("Last day"),
    "until": gettext_lazy("Until"),
}
"""What forms call the fields in which one types."""


def title_of(kept: KeptForm) -> str | Promise:
    """What the form was for, else where it stood; empty for what nobody named."""
    match = match_of(kept)
    section = SECTIONS.get(kept.address.strip("/").partition("/")[0], "")
    return ACTS.get(match.url_name or "", section) if match else section


def licence_of(kept: KeptForm) -> str:
    """The licence's name that the form was about, if it is one of its account."""
    match = match_of(kept)
    licence = match.kwargs.get("licence_id") if match else None
    if licence is None:
        return ""
    of_account = Licence.objects.filter(pk=licence, account=kept.account)
    return of_account.values_list("name", flat=True).first() or ""


def match_of(kept: KeptForm) -> ResolverMatch | None:
    """Which view the form was for."""
    try:
        return resolve(kept.address.partition("?")[0])
    except Resolver404:
        return None


def typed(kept: KeptForm) -> list[tuple[str | Promise, str]]:
    """Each value that was typed, after its field's name in words where that is known.

    Of what was chosen the form itself tells what it means.
    """
    return [
        (FIELDS.get(name, ""), value)
        for name, value in kept.fields
        if value and (name in FIELDS or not CHOSEN.fullmatch(value))
    ]
