"""How long the portal's pages take in a large account: 10,000 people at work, 500 licences."""

from __future__ import annotations

import gc
import re
import time
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import quote_plus

if TYPE_CHECKING:
    from django.test import Client

    from licensing.models import Account

ACCOUNT = "Bench, large"
POOLS, SINGLE_USER = 100, 400
SESSIONS_OF_POOL = 100
DENIALS_OF_POOL = 40
REFUSED = "BENCH\\user"
WANTED_MS = {"page": 200.0, "unchanged poll": 50.0, "worst search": 1000.0}
WORDS_OF_ALL = "b e n c h u s e r - p c"
"""As many words as are looked for, each in the names of everybody: no row is done with early."""
PATTERN_OF_ALL = "*b*e*n*c*h*u*s*e*r*" + "*" * 400
WARM_UP = 3


def measure(*, times: int) -> dict[str, float]:
    """The 95th percentile of each page and of the poll that finds nothing new, in ms.

    Asked of the product in this process, through all of its middleware and with its real
    database: what the network adds is not ours.
    """
    account = make_account()
    browser = signed_in_owner(account)
    figures = {}
    for name, path in pages_of(account).items():
        figures[f"page {name}, p95 ms"] = p95(browser, path, 200, times)
    for name, path in worst_searches().items():
        figures[f"worst search of {name}, p95 ms"] = p95(browser, path, 200, times)
    figures["unchanged poll, p95 ms"] = p95(browser, poll_of(browser), 204, times)
    return figures


def make_account(name: str = ACCOUNT, *, of_pool: int = SESSIONS_OF_POOL) -> Account:
    """Issue the licences by the domain, open the sessions set-based, and date it all back."""
    from bench import estate
    from licensing.models import Account

    pools = [issue(name, f"Pool {number}", of_pool + 10) for number in range(POOLS)]
    for number in range(SINGLE_USER):
        issue(name, f"Single {number}", 1, single_user=True)
    for key in pools:
        estate.fill(key, of_pool)
    account = Account.objects.get(name=name)
    add_history(account)
    estate.vacuum()
    return account


def issue(account: str, name: str, seats: int, *, single_user: bool = False) -> Any:
    """The key of a new licence of the large account."""
    from bench.estate import BENCH
    from licensing import licences
    from licensing.licences import Order
    from licensing.models.licences import UsageModel

    model = UsageModel.SINGLE_USER if single_user else UsageModel.CONCURRENT
    order = Order(account_name=account, name=name, seats=seats, usage_model=model)
    key, _plain = licences.create(order, by=BENCH)
    return key


def add_history(account: Account) -> None:
    """Keys two months old, a fifth of the sessions offline, a month of refusals."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE licensing_productkey SET created_at = now() - interval '60 days' "
            "WHERE account_id = %s",
            [account.pk],
        )
        cursor.execute(
            "UPDATE licensing_clientsession SET refreshed_at = now() - interval '1 hour', "
            "started_at = now() - interval '5 hours' "
            "WHERE account_id = %s AND get_byte(uuid_send(identity), 0) < 51",
            [account.pk],
        )
        cursor.execute(
            """
            INSERT INTO licensing_denial (
                account_id, licence_id, code, identity, machine_name, username, version,
                folded_from, count, first_at, last_at, seats, in_use
            )
            SELECT
                account_id, id, 'pool_exhausted', gen_random_uuid(), 'PC-' || n, 'BENCH\\user',
                '16', now() - n * interval '17 hours', 1, now() - n * interval '17 hours',
                now() - n * interval '17 hours', seats, seats
            FROM licensing_licence, generate_series(1, %s) AS n
            WHERE account_id = %s AND usage_model = 'concurrent'
            """,
            [DENIALS_OF_POOL, account.pk],
        )


def signed_in_owner(account: Account) -> Client:
    """The browser of an owner of the account."""
    from django.conf import settings
    from django.test import Client

    from portal.models import Membership, Role, User

    owner = User.objects.create_user(f"owner-{account.pk}@bench.example", name="Owner")
    Membership.objects.create(account=account, user=owner, role=Role.OWNER)
    browser = Client(SERVER_NAME=settings.ALLOWED_HOSTS[0])
    browser.force_login(owner)
    return browser


def pages_of(account: Account) -> dict[str, str]:
    """Each page that lists or counts, by its name."""
    pool = account.licences.filter(usage_model="concurrent").latest("pk")
    key = pool.keys.get()
    session = account.sessions.active().filter(licence=pool).first()
    assert session is not None
    return {
        "home": "/",
        "licences": "/licences/",
        "licences, searched": "/licences/?q=pool+7",
        "licence": f"/licences/{pool.pk}/",
        "key": f"/licences/{pool.pk}/keys/{key.pk}/",
        "sessions": "/sessions/",
        "sessions, searched": "/sessions/?q=pc-7&state=offline",
        "sessions, page before the last": f"/sessions/?sort=machine&before={last_machine(account)}",
        "session": f"/sessions/{session.pk}/",
        "person": f"/person/?name={quote_plus(session.username)}",
        "person, refused 4,000 times": f"/person/?name={quote_plus(REFUSED)}",
        "machine": f"/machine/?name={quote_plus(session.machine_name)}",
        "search": "/search/?q=pc-7",
        "search, nothing found": "/search/?q=nobody+nowhere",
        "denials": "/usage/denials/",
        "denials, only true": "/usage/denials/?only=true",
        "audit log": "/audit/",
        "requests": "/requests/",
        "security": "/security/",
        "API tokens": "/api-tokens/",
    }


def worst_searches() -> dict[str, str]:
    """The most that each list can be asked to look for, by its name."""
    words = quote_plus(WORDS_OF_ALL)
    return {
        "sessions": f"/sessions/?q={words}",
        "sessions by a pattern": f"/sessions/?q={quote_plus('user:' + PATTERN_OF_ALL)}",
        "ended sessions": f"/sessions/?q={words}&state=ended",
        "licences": f"/licences/?q={words}",
        "denials": f"/usage/denials/?q={words}&from=1900-01-01",
        "people": f"/people/?q={words}",
        "the audit log": f"/audit/?who={words}&about={'x' * 500}&from=1900-01-01",
        "everything": f"/search/?q={words}",
    }


def last_machine(account: Account) -> str:
    """The cursor of the last session in the order of machines."""
    from django.http import QueryDict

    from portal.lists.cursors import cursor
    from portal.sessions.active import SessionList
    from portal.words.aliases import Names

    listed = SessionList(account, QueryDict("sort=machine"), Names(account, are_aliases=False))
    (last,) = listed.order.turned().first(listed.matching, 1)
    return cursor([*listed.order.place_of(last), listed.total])


def poll_of(browser: Client) -> str:
    """What a browser asks for that has the newest rows of the sessions' page."""
    page = browser.get("/sessions/").content.decode()
    found = re.search(r'<live-rows\s[^>]*version="([^"]+)"', page)
    assert found, "the page of sessions has no live rows"
    return f"/sessions/rows/?v={found[1]}"


def p95(browser: Client, path: str, status: int, times: int) -> float:
    """The 95th percentile of how long a page takes, in ms, once it is warm."""
    return p95_of(partial(browser.get, path), status, times)


def p95_of(ask: Callable[[], Any], status: int, times: int) -> float:
    """The same of whatever is asked, where what is loaded stays, as web workers have it."""
    for _ in range(WARM_UP):
        ask()
    gc.collect()
    gc.freeze()
    taken = []
    for _ in range(times):
        started = time.perf_counter()
        response = ask()
        taken.append((time.perf_counter() - started) * 1000)
        assert response.status_code == status, f"{ask}: {response}"
    return sorted(taken)[max(round(times * 0.95) - 1, 0)]


def table(figures: dict[str, float]) -> list[str]:
    """The figures to read, each with what is wanted."""
    sessions = POOLS * SESSIONS_OF_POOL
    title = f"pages of {sessions:,} sessions, {POOLS + SINGLE_USER} licences"
    lines = ["", f"{title:<48}{'':>16}{'at most':>8}", "-" * 72]
    for name, value in figures.items():
        wanted = WANTED_MS[next(kind for kind in WANTED_MS if name.startswith(kind))]
        lines.append(f"{name:<48}{value:>16,.1f}{wanted:>8,.0f}")
    return lines
