"""``make drill``: back up under load, lose the database, restore to a moment, look what is there.

Exit 1 where something that was acknowledged before the moment is gone, 3 where nothing was tried.
"""

from __future__ import annotations

import argparse
import random
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from devstack import demo, environment, ports
from devstack.data_dir import DataDir
from devstack.errors import StackError
from devstack.postgres import Postgres
from devstack.runner import Runner
from devstack.valkey import Valkey
from prove import ready, report, typed
from prove.drill.backups import WAYS, Backups, NotHere
from prove.drill.drilling import Drill
from prove.one_machine import QUIETLY

NOT_HERE = 3
"""The exit status where backups cannot be made in this way."""
LONGER_THAN_ANY = 3600.0
"""Seconds: the clients work until they are told to stop."""


def main() -> int:
    """Drill in one way, or in each that is to be had here; return the exit status."""
    options = arguments()
    if options.way:
        return drill_in(WAYS[options.way], options)
    command = [sys.executable, "-m", "prove.drill", *sys.argv[1:], "--way"]
    statuses = [subprocess.call([*command, way]) for way in WAYS]
    return max(status for status in statuses if status != NOT_HERE)


def arguments() -> argparse.Namespace:
    """What the command line asks for."""
    parser = argparse.ArgumentParser(prog="make drill", description=__doc__)
    add = parser.add_argument
    add("--way", choices=WAYS, help="of making backups (each that is to be had here)")
    add("--clients", type=typed.count, default=32, help="at once (%(default)s)")
    add("--pools", type=typed.count, default=50, help="to work on (%(default)s)")
    add("--seconds", type=typed.seconds, default=10.0, help="of work thrice: until the backup,"
        " until the moment, and until the database is lost (%(default)s)")  # fmt: skip
    add("--like", default="", metavar="URL", help="tables to begin with: shortly, for tests")
    add("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    return parser.parse_args()


def drill_in(way: type[Backups], options: argparse.Namespace) -> int:
    """Drill in one way, tell what came of it, and return the exit status."""
    print(f"By {options.way}, seed {options.seed}", flush=True)
    with tempfile.TemporaryDirectory(prefix="drill-") as made:
        try:
            found = drill(DataDir(Path(made)), way(Path(made)), options)
        except NotHere as error:
            print(error, flush=True)
            return NOT_HERE
        except StackError as error:
            raise SystemExit(str(error)) from None
    print(report.table(found), flush=True)
    return 1 if any(found["breaches"].values()) else 0


def drill(data_dir: DataDir, backups: Backups, options: argparse.Namespace) -> dict[str, Any]:
    """The report of one drill."""
    port, folder = ports.free(), data_dir.path
    with (
        data_dir.claimed("make drill"),
        Postgres(folder, durable=not options.like, options=backups.options) as postgres,
        Valkey(folder) as valkey,
    ):
        backups.prepare(postgres)
        servers = {"DATABASE_URL": postgres.url, "REDIS_URL": valkey.url}
        env = environment.for_child(environment.settings(data_dir, port) | servers | QUIETLY)
        work = vars(options) | {"operations": sys.maxsize, "seconds": LONGER_THAN_ANY}
        ready.make_ready(folder, postgres.url, options.like, env)
        ready.make_estate(folder, port, argparse.Namespace(**work))
        with Runner() as runner:
            demo.start_web(runner, port, env, *(["--workers=1"] if options.like else []))
            demo.wait_until_ready(runner, port)
            one = Drill(folder, port, env, postgres, runner, backups, options)
            moment = one.lose()
            one.get_back(moment)
            return one.compare(moment)


if __name__ == "__main__":
    sys.exit(main())
