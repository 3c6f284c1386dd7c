"""How long the desk's search, and its pages of an account, take beside very many customers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote_plus

from bench import pages

if TYPE_CHECKING:
    from django.db.models import Model
    from django.test import Client

    from licensing.models import ProductKey

ACCOUNTS, LICENCES = 20_000, 100_000
OPEN = 500_000
"""So many sessions hold a seat; all others have ended in the last month."""
FIRST_ID = 1_000_000
WANTED_MS = {"find": 200.0, "account": 300.0}
"""At most, by how the name of a figure begins."""
WORD = "(ARRAY['Nova', 'Brook', 'Meridian', 'Hill', 'Stone'])[1 + mod(n, 5)]"
ACCOUNT = f"{FIRST_ID} + mod(n, {ACCOUNTS})"
LICENCE = f"{FIRST_ID} + mod(n, {LICENCES})"
SESSION = "lpad(to_hex(n), 32, '0')::uuid"
ENDED = f"CASE WHEN n < {OPEN} THEN NULL ELSE now() - mod(n, 30) * interval '1 day' END"
FOUND = 19_876
"""The number of what is searched for."""


def measure(*, sessions: int, times: int) -> dict[str, float]:
    """The 95th percentile of each search and page, in ms, as ``pages`` has it."""
    make(sessions)
    browser = signed_in_staff()
    return {
        f"{name}, p95 ms": pages.p95(browser, path, answer_of(browser, path), times)
        for name, path in {**searches(), **tabs()}.items()
    }


def answer_of(browser: Client, path: str) -> int:
    """The status of a page that is there: what is alone of its name is opened."""
    status = browser.get(path).status_code
    assert status in {200, 302}, f"{path}: {status}"
    return status


def make(sessions: int) -> None:
    """So many customers, each a copy of one that the domain made."""
    from bench import estate
    from licensing.models import Account, Licence, ProductKey, Seat
    from portal.models import Membership, User

    key, _ = estate.issue("Console", 5)
    estate.fill(key, 1)
    owner = pages.signed_in_owner(key.account).session["_auth_user_id"]
    copy(Account, key.account_id, ACCOUNTS, {"name": f"{WORD} || ' Builders ' || n"})
    copy(User, owner, ACCOUNTS, {"email": "'owner@builders-' || n || '.example'"})
    of_owner = Membership.objects.get(user=owner).pk
    owned = {"account_id": ACCOUNT, "user_id": f"{FIRST_ID} + n"}
    copy(Membership, of_owner, ACCOUNTS, owned)
    of_account = {"account_id": ACCOUNT}
    named = of_account | {"name": "'Planners ' || n"}
    copy(Licence, key.licence_id, LICENCES, named)
    numbered = {"licence_id": LICENCE, "serial_number": "n::text"}
    copy(ProductKey, key.pk, LICENCES, of_account | numbered)
    ProductKey.objects.filter(pk=FIRST_ID + FOUND).update(serial_number=serial_number())
    open_sessions(key, sessions)
    seated = {"licence_id": LICENCE, "session_id": SESSION}
    copy(Seat, key.licence.seat_rows.earliest("pk").pk, OPEN, of_account | seated)
    estate.vacuum()


def session_of(account: str, licence: str) -> dict[str, str]:
    """What the ``n``-th session has of its own, in SQL; a licence has its key's id."""
    return {
        "id": SESSION,
        "account_id": account,
        "licence_id": licence,
        "key_id": licence,
        "identity": "gen_random_uuid()",
        "machine_name": "'PC-' || n",
        "machine": "'pc-' || n",
        "username": "'BENCH\\' || mod(n, 50000)",
        "person": "'bench\\' || mod(n, 50000)",
    }


def open_sessions(key: ProductKey, number: int) -> None:
    """So many sessions, of which all but the first have ended."""
    from bench import estate
    from licensing.models import ClientSession

    own = session_of(ACCOUNT, LICENCE) | {
        "ended_at": ENDED,
        "end_reason": f"CASE WHEN n < {OPEN} THEN '' ELSE 'closed' END",
    }
    with estate.indexed_at_last(ClientSession._meta.db_table):
        copy(ClientSession, ClientSession.objects.get(licence=key.licence).pk, number, own)


def copy(
    model: type[Model], pk: Any, number: int, own: dict[str, str], *, first: str = "SELECT"
) -> None:
    """So many copies of a row, numbered by ``n`` from 0; ``own`` is what each has of its own, and
    ``first`` is said in the same transaction."""
    from django.db import connection, transaction

    from licensing.management.commands.migrate import limits_of_migrations

    fields = [str(field.column) for field in model._meta.concrete_fields if not field.generated]
    made = {"id": f"{FIRST_ID} + n"} | own
    values = ", ".join(made.get(column, f"one.{column}") for column in fields)
    with (
        limits_of_migrations("default"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(first)
        cursor.execute(
            f"INSERT INTO {model._meta.db_table} ({', '.join(fields)}) SELECT {values} "
            f"FROM {model._meta.db_table} one, generate_series(0, %s) n WHERE one.id = %s",
            [number - 1, pk],
        )


def serial_number() -> str:
    """One that is searched for. The others lack the characters that make it one."""
    from licensing.keys import SERIAL_GROUP, check_characters, grouped

    number = f"{FOUND:010}"
    return grouped(number + check_characters(number), SERIAL_GROUP)


def signed_in_staff() -> Client:
    """The browser of somebody at the desk who sees everything."""
    from django.conf import settings
    from django.test import Client

    from portal.models import User

    browser = Client(SERVER_NAME=settings.ALLOWED_HOSTS[0])
    browser.force_login(User.objects.create_superuser("desk@bench.example", name="Desk"))
    return browser


def searches() -> dict[str, str]:
    """What callers read out, by what it is."""
    from django.urls import reverse

    asked = {
        "an account": f"Builders {FOUND}",
        "many accounts": "nova builders",
        "a serial number": serial_number(),
        "a machine": f"PC-{FOUND}",
        "a user": f"BENCH\\{FOUND}",
        "an e-mail address": f"owner@builders-{FOUND}.example",
        "a session id": f"{FOUND:032x}",
        "nothing": "nobody nowhere",
        "a name typed wrongly": "bench builder",
    }
    found = reverse("support:found")
    paths = {f"find, {what}": f"{found}?q={quote_plus(words)}" for what, words in asked.items()}
    return paths | {"find, the first page": reverse("support:find")}


def tabs() -> dict[str, str]:
    """The tabs of an account."""
    from django.urls import reverse

    from support.console.tabs import TABS

    return {
        f"account, {tab.name}": reverse(f"support:account_{tab.name}", args=[FIRST_ID + FOUND])
        for tab in TABS
    }


def table(figures: dict[str, float]) -> list[str]:
    """The figures to read, each with what is wanted."""
    title = f"desk of {ACCOUNTS:,} accounts, {LICENCES:,} licences"
    lines = ["", f"{title:<48}{'':>16}{'at most':>8}", "-" * 72]
    for name, value in figures.items():
        wanted = WANTED_MS[name.partition(",")[0]]
        lines.append(f"{name:<48}{value:>16,.1f}{wanted:>8,.0f}")
    return lines
