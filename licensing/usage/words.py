"""What another number of seats would have done, in words."""

from __future__ import annotations

from django.utils.translation import ngettext

from licensing.usage.sizes import WhatIf


def in_words(found: WhatIf) -> str:
    """Such as "10 seats would have meant 6 refusals of 4 people on 2 days."."""
    if not found.refusals:
        return ngettext(
            "%(n)s seat would have refused nobody.",
            "%(n)s seats would have refused nobody.",
            found.seats,
        ) % {"n": found.seats}
    return ngettext(
        "%(n)s seat would have meant %(refusals)s of %(people)s on %(days)s.",
        "%(n)s seats would have meant %(refusals)s of %(people)s on %(days)s.",
        found.seats,
    ) % ({"n": found.seats} | amounts(found))


def amounts(found: WhatIf) -> dict[str, str]:
    """How often, whom and on how many days."""
    refusals = ngettext("%(n)s refusal", "%(n)s refusals", found.refusals)
    people = ngettext("%(n)s person", "%(n)s people", found.refused_people)
    days = ngettext("%(n)s day", "%(n)s days", found.refused_days)
    return {
        "refusals": refusals % {"n": found.refusals},
        "people": people % {"n": found.refused_people},
        "days": days % {"n": found.refused_days},
    }
