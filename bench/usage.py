"""How long the pages of use take in an account with a year of it, once that is rolled up."""

from __future__ import annotations

import datetime as dt
import time
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import quote_plus

from bench import pages, processor

if TYPE_CHECKING:
    from licensing.models import Account

PERSON = "BENCH\\1"
WANTED_MS = {"use": 300.0, "what if": 500.0}
"""At most, by how the name of a figure begins."""
OF_PROCESSOR = "processor ms"
LEAST_TIMES = 20
"""Of fewer looks at a page, the slowest would be the 95th percentile."""


def measure(account: Account, *, times: int) -> dict[str, float]:
    """The 95th percentile of each page and of the API, in ms, as ``pages`` has it; and what one
    took of a processor, PostgreSQL's too.

    Each is looked at so many times, at least ``LEAST_TIMES``.
    """
    times = max(times, LEAST_TIMES)
    browser = pages.signed_in_owner(account)
    headers = {"Authorization": f"Bearer {token_of(account)}"}
    asked = {name: partial(browser.get, path) for name, path in paths_of(account).items()}
    asked["use, by the API"] = partial(browser.get, "/api/v1/account/usage", headers=headers)
    figures = {}
    for name, ask in asked.items():
        before = spent()
        figures[f"{name}, p95 ms"] = pages.p95_of(ask, 200, times)
        looks = times + pages.WARM_UP
        figures[f"{name}, {OF_PROCESSOR}"] = 1000 * (spent() - before) / looks
    return figures


def spent() -> float:
    """Seconds of a processor so far, of this process and of PostgreSQL."""
    return time.process_time() + processor.of_all(processor.postmaster())


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
        "use, 20 pools, 12 months in working hours": "/usage/?days=365&hours=working",
        "use, 20 pools, 30 days compared": "/usage/?compare=1",
        "use, 20 pools, 12 months compared": "/usage/?days=365&compare=1",
        "use, 20 pools, 7 days by person": "/usage/?days=7&group=person",
        "use, a pool, 30 days": f"/usage/?licence={pool}",
        "use, a pool, 30 days by feature": f"/usage/?licence={pool}&group=feature",
        "use, a pool, 90 days": f"/usage/?licence={pool}&days=90",
        "use, a pool, 12 months": f"/usage/?licence={pool}&days=365",
        "use, a day of a pool": f"/usage/?licence={pool}&from={day}&until={day}",
        "use, a day of 40 pools": f"/usage/?from={day}&until={day}",
        "use, a day of 40 pools by machine": f"/usage/?from={day}&until={day}&group=machine",
        "use, denials": "/usage/denials/",
        "use, denials, 12 months": "/usage/denials/?days=365",
        "use, a person": f"/person/?name={quote_plus(PERSON)}",
        "what if, a pool, 30 days": f"/usage/?licence={pool}&seats=20",
        "what if, a pool, 90 days": f"/usage/?licence={pool}&days=90&seats=20",
    }


def table(figures: dict[str, float]) -> list[str]:
    """The figures to read, each with what is wanted."""
    head = f"{'processor':>12}{'p95':>10}{'at most':>8}"
    lines = ["", f"{'pages of a year of use, ms':<50}{head}", "-" * 80]
    names = [name.rpartition(", ")[0] for name in figures if name.endswith(OF_PROCESSOR)]
    for name in names:
        took, p95 = figures[f"{name}, {OF_PROCESSOR}"], figures[f"{name}, p95 ms"]
        wanted = WANTED_MS[name.partition(",")[0]]
        lines.append(f"{name:<50}{took:>12,.0f}{p95:>10,.0f}{wanted:>8,.0f}")
    return lines
