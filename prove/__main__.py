"""``make prove``: the product under faults, recorded and checked; exit 1 on a breach."""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from devstack import demo, ports, processes
from devstack.data_dir import DataDir
from devstack.runner import Runner
from prove import checker, database, one_machine, ready, report, typed
from prove.cluster import several_machines
from prove.history import History, Writer, read

SECONDS_AFTER = 90
"""How long the clients may take for their last requests when their time is up."""


def main() -> int:
    """Run, check and tell; return the exit status."""
    options = arguments()
    if options.cluster and (why := several_machines.why_not()):
        print(why, file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory(prefix="prove-") as made:
        folder = options.data_dir or Path(made)
        for left in folder.glob("*.jsonl"):
            left.unlink()  # the history of an earlier run
        found = prove(DataDir(folder), options)
    print(report.table(found))
    options.json.parent.mkdir(parents=True, exist_ok=True)
    options.json.write_text(json.dumps(found, indent=2) + "\n")
    print(f"Written to {options.json} too.")
    return 1 if any(found["breaches"].values()) else 0


def arguments() -> argparse.Namespace:
    """What the command line asks for."""
    parser = argparse.ArgumentParser(prog="make prove", description=__doc__)
    add = parser.add_argument
    add("--cluster", action="store_true", help="on several machines")
    add("--operations", type=typed.count, default=200_000, help="to record at most (%(default)s)")
    add("--clients", type=typed.count, help="at once (32, of a cluster 8)")
    add("--pools", type=typed.count, default=50, help="to work on (%(default)s)")
    add("--seconds", type=typed.seconds, help="to work at most (1800, of a cluster 420)")
    add("--between-faults", type=typed.seconds, default=5.0, help="seconds (%(default)s)")
    add("--faults", type=typed.count, help="after so many it ends, when the next were due")
    add("--like", default="", metavar="URL", help="tables to begin with: shortly, for tests")
    add("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    add("--data-dir", type=Path, help="an empty folder for the run, which is then kept")
    add("--json", type=Path, default=processes.ROOT / ".local" / "prove.json")
    found = parser.parse_args()
    clients, seconds = (8, 420.0) if found.cluster else (32, 1800.0)
    found.clients, found.seconds = found.clients or clients, found.seconds or seconds
    return found


def prove(data_dir: DataDir, options: argparse.Namespace) -> dict[str, Any]:
    """The report of one run."""
    port, folder = ports.free(), data_dir.path
    print(f"Seed {options.seed}", flush=True)
    (folder / "stop").unlink(missing_ok=True)
    running = several_machines.running if options.cluster else one_machine.running
    with data_dir.claimed("make prove"), running(data_dir, port) as product:
        ready.make_ready(folder, product.url, options.like, product.env)
        ready.make_estate(folder, port, options)
        started = time.time()
        with Runner() as runner, Writer(folder / "faults.jsonl") as history:
            product.start(runner)
            demo.wait_until_ready(runner, port)
            faults = product.faults(runner, history, options.seed)
            for line in report.not_broken(faults.without()):
                print(line, flush=True)
            with parts(folder, product.env) as clients:
                break_until_over(clients, runner, faults, options)
            seconds = time.time() - started
        final = database.dump(product.url)
        print("Checking.", flush=True)
        recorded = History(read(folder.glob("*.jsonl")))
        breaches = checker.check(recorded, final)
        figures = report.report(recorded, final, breaches, seconds)
    return {"seed": options.seed} | figures | {"not broken": faults.without()}


@contextmanager
def parts(folder: Path, env: Mapping[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """Clients, administrators and the witness; yield the clients, and stop the others after them.

    Each is a process of its own, for this one starts others and so has no threads.
    """
    started = [
        processes.spawn([sys.executable, "-m", f"prove.{name}", str(folder)], env=env)
        for name in ("clients", "administrators", "witness")
    ]
    try:
        yield started[0]
        (folder / "stop").touch()
        for part in started:
            if part.wait(SECONDS_AFTER):
                raise SystemExit(f"{part.args!r} failed; it says why above.")
    finally:
        for part in started:
            processes.kill_group(part)


def break_until_over(
    clients: subprocess.Popen[bytes],
    runner: Runner,
    faults: one_machine.Injects,
    options: argparse.Namespace,
) -> None:
    """Break one thing after the other until the clients have done their work, or it is enough."""
    deadline, done = time.time() + options.seconds + SECONDS_AFTER, 0
    next_fault = time.time() + options.between_faults
    while clients.poll() is None:
        if time.time() > deadline:
            raise SystemExit("The clients do not come to an end.")
        runner.forward(seconds=0.2)
        if time.time() > next_fault and clients.poll() is None:
            if done == options.faults:
                return
            faults.inject()
            done += 1
            next_fault = time.time() + options.between_faults


if __name__ == "__main__":
    sys.exit(main())
