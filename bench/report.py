"""What the bench found: with what it was measured, the figures and what is wanted, to read."""

from __future__ import annotations

import argparse
import os
import platform
from dataclasses import asdict
from typing import Any

from devstack import demo


def made(port: int, options: argparse.Namespace, figures: dict[str, float]) -> dict[str, Any]:
    """The report of these figures."""
    from bench import goals

    return {
        "configured": configuration(port, options),
        "figures": figures,
        "goals": [asdict(of) | {"is_reached": of.is_reached} for of in goals.found(figures)],
    }


def table(report: dict[str, Any]) -> str:
    """What was configured, the figures and the goals, to read."""
    from bench import console, goals, pages, processor, usage

    figures = report["figures"]
    lines = ["", *(f"{name:<48}{value:>24}" for name, value in report["configured"].items())]
    lines += ["", f"{'figure':<48}{'':>24}", "-" * 72]
    plain = {name: value for name, value in figures.items() if not processor.is_spent(name)}
    lines += [f"{name:<48}{value:>24,.2f}" for name, value in plain.items()]
    lines += processor.table(figures)
    lines += usage.table(report["use"]) if "use" in report else []
    lines += console.table(report["console"]) if "console" in report else []
    lines += pages.table(report["pages"]) if "pages" in report else []
    return "\n".join(lines + goals.table(figures))


def configuration(port: int, options: argparse.Namespace) -> dict[str, str]:
    """What the figures were measured with."""
    from django.db import connection

    wanted = (
        "server_version", "fsync", "synchronous_commit", "full_page_writes", "shared_buffers",
        "max_wal_size", "checkpoint_timeout",
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, setting FROM pg_settings WHERE name = ANY(%s)", [list(wanted)])
        database = {f"PostgreSQL, {name}": setting for name, setting in cursor.fetchall()}
    granian = " ".join(option for option in demo.web_options(port) if "workers=" in option)
    return {
        "processors": str(os.cpu_count()),
        "Python": platform.python_version(),
        "Granian": granian,
        "before": options.beside or "not measured",
        **database,
    }
