"""What a run was and what it found, as a table and as JSON."""

from __future__ import annotations

from collections import Counter
from typing import Any

from prove import silences
from prove.database import Database
from prove.history import History, Request
from prove.holds import holds

SHOWN = 5
"""How many breaches of one promise are printed; the JSON has all."""


def report(
    history: History, database: Database, breaches: dict[str, list[str]], seconds: float
) -> dict[str, Any]:
    """The figures of a run and the breaches by promise."""
    settled = [request for request in history.requests if request.is_settled]
    unanswered = sum(request.status is None for request in history.requests)
    return {
        "operations": len(settled) + unanswered,
        "seconds": round(seconds, 1),
        "clients": len({request.client for request in history.requests}),
        "pools": len(history.pools),
        "answers": dict(sorted(Counter(map(named, settled)).items())),
        "without an answer": unanswered,
        "answered 503": sum(request.status == 503 for request in history.requests),
        "acts": dict(sorted(Counter(f"{a.verb} {a.outcome}" for a in history.acts).items())),
        "faults": dict(sorted(Counter(fault.what for fault in history.faults).items())),
        "longest without an answer (s)": silences.longest(history),
        "certain holds": len(holds(history)),
        "samples": len({sample.at for sample in history.samples}),
        "sessions in the database": len(database["sessions"]),
        "refusals recorded": sum(row["count"] for row in database["denials"]),
        "audit entries": len(database["audit"]),
        "breaches": breaches,
    }


def named(request: Request) -> str:
    """What was asked, in what way, and what the answer was."""
    ways = {
        "own id": request.own,
        "by key": request.by_key,
        "late": request.ended_at is not None,
    }
    way = ", ".join(name for name, is_so in ways.items() if is_so)
    return f"{request.verb}{f' ({way})' if way else ''} {request.code or request.status}"


def told(value: Any) -> str:
    """A number, or several with the largest last."""
    if isinstance(value, list):
        return ", ".join(f"{number:.1f}" for number in sorted(value))
    return f"{value:,}"


def table(found: dict[str, Any]) -> str:
    """The report for people."""
    lines = [""]
    for name, value in found.items():
        if name in ("breaches", "not broken"):
            continue
        if isinstance(value, dict):
            lines += [f"{name}:", *(f"  {what:<44}{told(of):>10}" for what, of in value.items())]
        else:
            lines.append(f"{name:<46}{value:>10,}")
    lines += ["", f"{'promise':<46}{'breaches':>10}", "-" * 56]
    for promise, breaches in found["breaches"].items():
        lines.append(f"{promise:<46}{len(breaches):>10,}")
        lines += [f"  {breach}" for breach in breaches[:SHOWN]]
    return "\n".join([*lines, *not_broken(found.get("not broken", {}))])


def not_broken(without: dict[str, str]) -> list[str]:
    """What a run says nothing of, a line for each, with why."""
    return [f"Not tried here: {what}. {why[0].upper()}{why[1:]}." for what, why in without.items()]
