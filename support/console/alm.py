"""The move of an account from ALM on one page: what it was, what it is, who has started with it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Max, Sum
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from licensing import alm_moves
from licensing.alm_moves import Behind, Started
from licensing.models import Account, FromAlm, Licence, ProductKey
from licensing.models.keys import KeyState
from portal.lists.cursors import By, Id, Order
from portal.lists.paging import page_of
from support.acts.alm import IMPORT, NOTHING_OF_OURS, OF_MOVE, needs_version
from support.acts.hand_over import who_reads_keys
from support.console import imports, offers, shell, tables
from support.console.access import seen_account, staff_only

FIRST_FIRST = Order((By(name="pk", kind=Id),))
MOST_MACHINES = 100
HANDED_OVER, READ = "key_handed_over", "key_revealed"
NOT_YET = Started()


@dataclass(frozen=True)
class Moved:
    """A licence of the move: its key's way to the customer, and its machines' way to it."""

    licence: Licence
    key: ProductKey | None
    handed_over_at: dt.datetime | None
    read_at: dt.datetime | None
    started: Started

    @property
    def was(self) -> FromAlm:
        """What it was in ALM."""
        return self.licence.from_alm

    @property
    def url(self) -> str:
        return tables.page_of(self.licence)

    @property
    def key_url(self) -> str:
        return tables.page_of(self.key) if self.key else ""


@require_safe
@staff_only
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """The six steps of the move, each with how far it is."""
    account = seen_account(request, pk)
    return shell.page(request, "support/alm.html", context_of(request, account))


def context_of(request: HttpRequest, account: Account) -> dict[str, Any]:
    """What the page tells."""
    table = tables.of(Account)
    behind = alm_moves.behind(account)
    return how_far(request, account) | {
        "account": account,
        "imports": imports.last_of(account),
        "behind": [(one, needs_version(one), shown(one)) for one in behind],
        "who_reads": who_reads_keys(account),
        "import_alm": offers.links(table, may(request, [IMPORT]), account),
        "end_acts": offers.links(table, may(request, list(OF_MOVE)), account),
        "nothing_of_ours": NOTHING_OF_OURS,
    }


def how_far(request: HttpRequest, account: Account) -> dict[str, Any]:
    """A page of the licences of the move, and how far all of them are."""
    licences = alm_moves.licences_of(account)
    made = licences.aggregate(number=Count("pk"), seats=Sum("seats", default=0))
    keys = keys_of(account)
    told = told_of(account, [key.pk for key in keys.values()])
    begun = alm_moves.started(account)
    page = page_of(
        licences.select_related("from_alm", "product"),
        FIRST_FIRST,
        request.GET,
        total=made["number"],
    )
    return {
        "rows": page.showing(
            [row_of(one, keys.get(one.pk), told, begun.get(one.pk, NOT_YET)) for one in page]
        ),
        "made": made,
        "read": sum(action == READ for action, _ in told),
        "begun": len(begun),
    }


def may(request: HttpRequest, acts: list[Any]) -> list[Any]:
    """Those of the acts that this person may do."""
    return [act for act in acts if tables.of(Account).may(request.user, act)]


def shown(behind: Behind) -> list[alm_moves.Tried]:
    """As many of the machines as a page has."""
    return behind.machines[:MOST_MACHINES]


def row_of(
    licence: Licence,
    key: ProductKey | None,
    told: dict[tuple[str, str], dt.datetime],
    started: Started,
) -> Moved:
    """One of them."""
    pk = str(key.pk) if key else ""
    return Moved(licence, key, told.get((HANDED_OVER, pk)), told.get((READ, pk)), started)


def keys_of(account: Account) -> dict[int, ProductKey]:
    """The key that works, by the id of each licence of the move: the last of several."""
    licences = alm_moves.licences_of(account)
    working = ProductKey.objects.filter(licence__in=licences, state=KeyState.ACTIVE)
    return {key.licence_id: key for key in working.order_by("pk")}


def told_of(account: Account, keys: list[int]) -> dict[tuple[str, str], dt.datetime]:
    """When the way to a key was mailed last, and when somebody of the account read it last."""
    entries = account.audit_entries.filter(
        object_kind="product key",
        object_id__in=[str(pk) for pk in keys],
        action__in=(HANDED_OVER, READ),
    )
    last = entries.order_by().values_list("action", "object_id").annotate(Max("at"))
    return {(action, pk): at for action, pk, at in last}
