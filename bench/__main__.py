"""``make bench``: starts its own database and web server, measures, prints a table and JSON."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from typing import Any

from bench import beside, report, servers
from bench.arguments import arguments
from devstack import pgbouncer


def main() -> None:
    """Measure and say what was found."""
    options = arguments()
    if options.beside:
        beside.require_same_schema(options.beside)
    if options.only_pooler and (why := pgbouncer.why_not()):
        raise SystemExit(why)
    with servers.own_servers(dict(options.postgres)) as port:
        found = wanted(options)(port, options)
    print(report.table(found))
    options.json.parent.mkdir(parents=True, exist_ok=True)
    options.json.write_text(json.dumps(found, indent=2) + "\n")
    print(f"Written to {options.json} too.")


def wanted(options: argparse.Namespace) -> Callable[..., dict[str, Any]]:
    """What is to be measured."""
    if options.only_history:
        return measure_history
    if options.only_many:
        return measure_many
    if options.only_webhooks:
        return measure_webhooks
    if options.only_roll_up:
        return measure_roll_up
    if options.only_console:
        return measure_console
    if options.only_hot:
        return measure_hot
    if options.only_pooler:
        return measure_pooler
    if options.only_watched:
        return measure_watched
    return measure_use if options.only_use else measure


def measure(port: int, options: argparse.Namespace) -> dict[str, Any]:
    """Everything that is measured."""
    from bench import engine, pages  # Django is set up only now

    figures = engine.measure(port, options)
    return {"pages": pages.measure(times=options.page_views)} | measure_use(port, options, figures)


def measure_hot(port: int, options: argparse.Namespace) -> dict[str, Any]:
    """The kinds of requests that take turns, and what an idle worker takes."""
    from bench import engine

    return report.made(port, options, engine.measure(port, options))


def measure_pooler(port: int, options: argparse.Namespace) -> dict[str, Any]:
    """The hot calls with and without PgBouncer."""
    from bench import pooler

    return report.made(port, options, pooler.measure(port, options))


def measure_watched(port: int, options: argparse.Namespace) -> dict[str, Any]:
    """The hot calls while figures are counted, lines written, or traces made."""
    from bench import watched

    return report.made(port, options, watched.measure(port, options))


def measure_use(
    port: int, options: argparse.Namespace, figures: dict[str, float] | None = None
) -> dict[str, Any]:
    """How a year's use is rolled up and how long its pages take, with the figures so far."""
    from bench import roll_up, usage
    from licensing.models import Account

    rolled_up = roll_up.measure(options.year)
    use = usage.measure(Account.objects.get(name="Bench"), times=options.page_views)
    return report.made(port, options, (figures or {}) | rolled_up) | {"use": use}


def measure_roll_up(port: int, options: argparse.Namespace) -> dict[str, Any]:
    """How a year's use is rolled up."""
    from bench import roll_up

    return report.made(port, options, roll_up.measure(options.year))


def measure_console(port: int, options: argparse.Namespace) -> dict[str, Any]:
    """How long the desk's search and pages take."""
    from bench import console

    found = console.measure(sessions=options.desk_sessions, times=options.page_views)
    return report.made(port, options, {}) | {"console": found}


def measure_webhooks(port: int, options: argparse.Namespace) -> dict[str, Any]:
    """How fast webhooks are told, and whether those that hang make the others late."""
    from bench import webhooks

    return report.made(port, options, webhooks.measure(options.events))


def measure_many(port: int, options: argparse.Namespace) -> dict[str, Any]:
    """The hot calls, reclaiming and a large account's lists beside very many open sessions."""
    from bench import engine

    return report.made(port, options, engine.measure_many(port, options))


def measure_history(port: int, options: argparse.Namespace) -> dict[str, Any]:
    """Check-outs and refreshes beside a long history and beside none."""
    from bench import engine

    return report.made(port, options, engine.measure_history(port, options))


if __name__ == "__main__":
    main()
