"""The reference client and the vectors of the first round: right about all but what was wrong."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.client import verdicts
from tests.client.clients import Client

FOLDER = Path(__file__).parent / "first_round" / "vectors"
REQUEST_ID = "5f2b8c0e9d1a4b7c8e6f0a1b2c3d4e5f"
ONE_SENTENCE = "one code and sentence for every cause; now the cause's own, with what to do"
SPENT = "whoever pulled the cable after a refusal could open: a refused start spends its lease"
WHOM_TO_ASK = (
    "nobody read whom to ask in a full pool, and one that asks on was told it would not open"
)
WRONG = {
    "answers": {
        "a proxy that wants a password": "told as a captive portal, where no browser helps",
    },
    "states": {
        "does not open offline without a lease": ONE_SENTENCE,
        "does not open offline when its lease has ended": ONE_SENTENCE,
        "offline after it was blocked it does not open": ONE_SENTENCE,
        "does not open offline when the clock was turned back": "the words accused: time services "
        "put clocks back too",
        "works offline: no_service": "did not say what to do about a wrong address",
        "no seat is free": WHOM_TO_ASK,
        "released, and no seat is free": WHOM_TO_ASK,
        "seat was reclaimed and is gone": WHOM_TO_ASK,
        "no seat is free, though there is a lease": SPENT,
        "refused at the start: key_invalid": SPENT,
        "refused at the start: licence_not_started": SPENT,
        "refused at the start: version_not_supported": SPENT,
        "refused at the start: product_mismatch": SPENT,
        "refused at the start: feature_not_licensed": SPENT,
        "refused at the start: wrong_weather": SPENT,
    },
    "stores": {
        "of a newer version": "its number is today's, and it lacks what today's has: torn",
    },
}
"""By file and case, why a client of today says something else."""


def first(file):
    """What a file of the first round holds."""
    return json.loads((FOLDER / f"{file}.json").read_text(encoding="utf-8"))


def as_today(file, case):
    """A case with what the first round took for granted: every answer was to what was asked,
    but that of a captive portal."""
    if file != "answers":
        return case
    kind, code = (case["expect"].get(name) for name in ("kind", "code"))
    repeated = "" if code == "captive_portal" else REQUEST_ID
    said = {"request_id": REQUEST_ID, "x_request_id": repeated, "session": ""}
    return case | said | {"asks_for": "close" if kind == "done" else "seat"}


def is_right(client, file, case):
    """Whether the client says what the case wants, and maybe more."""
    case = as_today(file, case)
    found, wanted = verdicts.found(client, file, case), verdicts.expected(file, case)
    if file == "answers":
        return {name: found[name] for name in wanted} == wanted
    return found == wanted


@pytest.mark.census
@pytest.mark.parametrize("file", ["answers", "clocks", "leases", "policies", "states", "stores"])
def test_differs_only_where_the_first_round_was_wrong(file, monkeypatch):
    monkeypatch.setattr(verdicts, "kit", first)
    client = Client()

    differs = {case["name"] for case in first(file)["cases"] if not is_right(client, file, case)}

    assert differs == WRONG.get(file, {}).keys()
