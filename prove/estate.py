"""The licences that a run works on, issued by the operators' command."""

from __future__ import annotations

import io
import json
import random
from typing import Any

from django.core.management import call_command

from prove.history import Pool
from prove.plan import Key

ACCOUNTS = 10
SIZES = (1, 1, 2, 3, 5, 8, 20)
RECLAIM_AFTER = 2.0  # seconds; of the pools whose seats are soon taken back
KINDS = ("plain", "plain", "plain", "plain", "short", "single-user", "features")
FEATURE_SEATS = 2


def make(number: int, seed: int) -> tuple[list[Pool], list[Key]]:
    """Issue so many licences of every kind and size, spread over some accounts."""
    chance = random.Random(seed)
    issued = [issue(n, KINDS[n % len(KINDS)], chance.choice(SIZES)) for n in range(number)]
    return [pool for pool, _ in issued], [key for _, key in issued]


def issue(number: int, kind: str, seats: int) -> tuple[Pool, Key]:
    """One licence."""
    account = f"Customer {number % ACCOUNTS}"
    short = kind == "short"
    model = "single-user" if kind == "single-user" else "concurrent"
    words = ["--account", account, "--name", f"{kind} {number}", "--seats", str(seats)]
    words += ["--model", model, "--reclaim-after", f"{RECLAIM_AFTER:.0f}s" if short else "never"]
    limit = min(FEATURE_SEATS, seats)
    words += ["--features", f"bim,4d:{limit}"] if kind == "features" else []
    issued = command("issue_licence", *words)
    pool = Pool(
        licence=issued["licence"],
        account=account,
        serial_number=issued["serial_number"],
        usage_model=model,
        seats=seats,
        reclaim_after=RECLAIM_AFTER if short else None,
        limited={"4d": limit} if kind == "features" else {},
    )
    return pool, Key(pool.licence, issued["serial_number"], issued["product_key"])


def command(name: str, *words: str) -> dict[str, Any]:
    """The answer of an operator's command; raise CommandError when it refuses."""
    output = io.StringIO()
    call_command(name, *words, "--json", stdout=output, stderr=io.StringIO())
    answer: dict[str, Any] = json.loads(output.getvalue())
    return answer
