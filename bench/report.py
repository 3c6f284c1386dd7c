"""What the bench found: with what it was measured, the figures and their ratios, to read."""

from __future__ import annotations

import os
import platform
from typing import Any

from devstack import demo

RATIOS = (
    ("refresh to hello world", "refresh, {}", "hello, {}", 0.40),
    ("check-out and close, each, to hello world", "check-out, {}", "hello, {}", 0.27),
    ("refresh to the same SQL by pgbench", "refresh, {}", "refresh, bare SQL, 16", 0.15),
    ("hot pool of 10,000 seats to spread pools", "check-out, hot pool, {}", "check-out, {}", 0.80),
    ("refused on a full pool of 10,000 to granted", "refused, {}", "granted, {}", 0.80),
    ("check-out beside many sessions to before", "check-out beside many, 16",
     "check-out before them, 16", 0.85),
    ("refresh beside history to without", "refresh beside history, 16",
     "refresh without, 16", 0.95),
    ("check-out beside history to without", "check-out beside history, 16",
     "check-out without, 16", 0.95),
)  # fmt: skip
"""Name, numerator, denominator and the least that we want."""


def ratios(figures: dict[str, float]) -> dict[str, list[float]]:
    """The ratios of what was measured, each at 16 and at 32 connections: they alone mean
    something here."""
    return {
        name: [figures[above.format(n)] / figures[below.format(n)] for n in (16, 32)]
        for name, above, below, _ in RATIOS
        if above.format(16) in figures
    }


def table(report: dict[str, Any]) -> str:
    """What was configured, the figures and their ratios, to read."""
    from bench import desktop, pages, usage

    lines = ["", *(f"{name:<48}{value:>24}" for name, value in report["configured"].items())]
    lines += ["", f"{'figure':<48}{'':>24}", "-" * 72]
    lines += [f"{name:<48}{value:>24,.2f}" for name, value in report["figures"].items()]
    lines += usage.table(report["use"]) if "use" in report else []
    if "ratios" not in report:
        return "\n".join(lines)
    lines.append(f"{'open, its own ms: wanted below':<48}{desktop.WANTED_MS:>24,.2f}")
    lines += ["", f"{'ratio':<48}{'16':>8}{'32':>8}{'wanted':>8}", "-" * 72]
    for name, _, _, wanted in RATIOS:
        values = "".join(f"{value:>8.2f}" for value in report["ratios"].get(name, ()))
        lines.append(f"{name:<48}{values or 'not measured':>16}{wanted:>8.2f}")
    lines += pages.table(report["pages"]) if "pages" in report else []
    return "\n".join(lines)


def configuration(port: int) -> dict[str, str]:
    """What the figures were measured with."""
    from django.db import connection

    wanted = ("server_version", "fsync", "synchronous_commit", "full_page_writes", "shared_buffers")
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, setting FROM pg_settings WHERE name = ANY(%s)", [list(wanted)])
        database = {f"PostgreSQL, {name}": setting for name, setting in cursor.fetchall()}
    options = " ".join(option for option in demo.web_options(port) if "workers=" in option)
    return {
        "processors": str(os.cpu_count()),
        "Python": platform.python_version(),
        "Granian": options,
        **database,
    }
