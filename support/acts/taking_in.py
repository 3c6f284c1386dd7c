"""Lists that staff take in: at once if they are short, else in the background."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence

from django.db import transaction

from licensing import imports
from licensing.audit import Actor
from licensing.models import Account, ImportRow
from licensing.models.imports import Source
from portal.mail import workers
from support.acts.hand_over import hand_over
from support.words import number_of

TASK = "licensing.tasks.carry_on_imports"
IN_BACKGROUND = (
    f"It is made in the background, for it is more than {imports.ROWS_OF_A_PIECE} rows or "
    f"{imports.SEATS_OF_A_PIECE:,} seats. A page tells how far it is, and what can't be made; the "
    "account can be worked with meanwhile."
)


def foretell(account: Account, rows: Sequence[ImportRow]) -> list[str]:
    """That it takes a while, if so; raise AlreadyDone while another import is running."""
    imports.require_none_running(account)
    return [] if imports.is_short(rows) else [IN_BACKGROUND]


def take_in(
    account: Account,
    source: Source,
    rows: Sequence[ImportRow],
    counts: Mapping[str, int],
    *,
    by: Actor,
    reason: str,
) -> str:
    """Begin the import, or do it; return what to tell."""
    begun = imports.begin(account, source, rows, counts, by=by, reason=reason)
    if begun.ended_at:
        issued = number_of(counts["licences"], "licence")
        return f"Issued {issued} to {account}. {hand_over(account)}"
    transaction.on_commit(functools.partial(workers.call, TASK), robust=True)
    return f"{number_of(len(rows), 'row')} of {account} will be imported: see how far it is."
