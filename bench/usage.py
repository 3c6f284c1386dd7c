"""How long the pages of use take in an account with a year of it, once that is rolled up."""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import TYPE_CHECKING

from bench import pages

if TYPE_CHECKING:
    from licensing.models import Account

WANTED_MS = {"use": 300.0, "what if": 500.0}
"""At most, by how the name of a figure begins."""
LEAST_TIMES = 20
"""Of fewer looks at a page, the slowest would be the 95th percentile."""


def measure(account: Account, *, times: int) -> dict[str, float]:
    """The 95th percentile of each page and of the API, in ms, as ``pages`` has it.

    Each is looked at so many times, at least ``LEAST_TIMES``.
    """
    times = max(times, LEAST_TIMES)
    browser = pages.signed_in_owner(account)
    figures = {
        f"{name}, p95 ms": pages.p95(browser, path, 200, times)
        for name, path in paths_of(account).items()
    }
    headers = {"Authorization": f"Bearer {token_of(account)}"}
    api = partial(browser.get, "/api/v1/account/usage", headers=headers)
    figures["use, by the API, p95 ms"] = pages.p95_of(api, 200, times)
    return figures


def token_of(account: Account) -> str:
    """What a program of the account's reads its use with."""
    from bench.estate import BENCH
    from licensing import clock
    from portal.models import Scope
    from portal.sign_in import api_tokens

    ends_at = clock.database_time() + dt.timedelta(days=1)
    _token, secret = api_tokens.create(account, "Bench", [Scope.USAGE], ends_at=ends_at, by=BENCH)
    return secret


def paths_of(account: Account) -> dict[str, str]:
    """Each page that tells use, by its name."""
    pool = account.licences.order_by("pk").values_list("pk", flat=True)[0]
    day = dt.datetime.now(dt.UTC).date() - dt.timedelta(days=12)
    return {
        "use, home": "/",
        "use, licences": "/licences/",
        "use, licence": f"/licences/{pool}/",
        "use, 20 pools, 7 days": "/usage/?days=7",
        "use, 20 pools, 30 days": "/usage/",
        "use, 20 pools, 90 days": "/usage/?days=90",
        "use, 20 pools, 12 months": "/usage/?days=365",
        "use, 20 pools, 30 days compared": "/usage/?compare=1",
        "use, 20 pools, by person": "/usage/?group=person",
        "use, a pool, 30 days": f"/usage/?licence={pool}",
        "use, a pool, 90 days": f"/usage/?licence={pool}&days=90",
        "use, a pool, 12 months": f"/usage/?licence={pool}&days=365",
        "use, a day of a pool": f"/usage/?licence={pool}&from={day}&until={day}",
        "use, denials": "/usage/denials/",
        "what if, a pool, 30 days": f"/usage/?licence={pool}&seats=20",
        "what if, a pool, 90 days": f"/usage/?licence={pool}&days=90&seats=20",
    }


def table(figures: dict[str, float]) -> list[str]:
    """The figures to read, each with what is wanted."""
    lines = ["", f"{'pages of a year of use':<48}{'':>16}{'at most':>8}", "-" * 72]
    for name, value in figures.items():
        wanted = WANTED_MS[name.partition(",")[0]]
        lines.append(f"{name:<48}{value:>16,.1f}{wanted:>8,.0f}")
    return lines
