"""What ``make bench ARGS="..."`` may say."""

from __future__ import annotations

import argparse
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DESCRIPTION = "Starts its own database and web server, measures, prints a table and JSON."


def setting(text: str) -> tuple[str, str]:
    """The name and the value of what is set."""
    name, _, value = text.partition("=")
    return name, value


def arguments() -> argparse.Namespace:
    """What the command line asks for."""
    parser = argparse.ArgumentParser(prog="make bench", description=DESCRIPTION)
    parser.add_argument("--seconds", type=int, default=8, help="length of each run (%(default)s)")
    parser.add_argument(
        "--open-sessions", type=int, default=10_000, help="open beside it (%(default)s)"
    )
    parser.add_argument(
        "--many-sessions", type=int, default=1_000_000, help="open for one more run (%(default)s)"
    )
    parser.add_argument(
        "--postgres", metavar="NAME=VALUE", type=setting, nargs="*", default=[],
        help="settings of PostgreSQL's, such as shared_buffers=4GB",
    )  # fmt: skip
    parser.add_argument("--stale", type=int, default=100_000, help="to reclaim (%(default)s)")
    parser.add_argument("--page-views", type=int, default=40, help="of each page (%(default)s)")
    parser.add_argument(
        "--year", type=int, default=200_000, help="sessions of a year to roll up (%(default)s)"
    )
    parser.add_argument(
        "--history", type=int, default=1_000_000, help="rows of history (%(default)s)"
    )
    parser.add_argument(
        "--beside", metavar="REVISION", help="measured in the same turns; not without git"
    )
    parser.add_argument("--only-hot", action="store_true", help="measure the hot calls only")
    parser.add_argument(
        "--only-pooler", action="store_true", help="measure the hot calls through PgBouncer, too"
    )
    parser.add_argument(
        "--only-watched", action="store_true", help="measure what figures, lines and traces cost"
    )
    parser.add_argument("--only-many", action="store_true", help="measure beside many sessions")
    parser.add_argument("--only-history", action="store_true", help="measure nothing else")
    parser.add_argument("--only-use", action="store_true", help="measure use over time only")
    parser.add_argument("--only-console", action="store_true", help="measure the desk's pages only")
    parser.add_argument(
        "--desk-sessions", type=int, default=5_000_000, help="beside these (%(default)s)"
    )
    parser.add_argument("--only-roll-up", action="store_true", help="measure no page of it")
    parser.add_argument("--only-webhooks", action="store_true", help="measure webhooks only")
    parser.add_argument(
        "--events", type=int, default=10_000, help="told to 50 webhooks, in all (%(default)s)"
    )
    parser.add_argument("--json", type=Path, default=ROOT / ".local" / "bench.json")
    return parser.parse_args()
