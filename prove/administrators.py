"""``python -m prove.administrators FOLDER``: changes licences under their clients until stopped.

The acts are the operators' commands; each gives a reason by which the checker finds
its entry in the audit record.
"""

from __future__ import annotations

import os
import random
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import django

from prove import plan
from prove.history import Act, Pool, Writer, reason

BETWEEN_ACTS = 0.3  # seconds


class Administrator:
    """Somebody who acts on the licences of a plan, one act after the other."""

    def __init__(self, folder: Path, history: Writer) -> None:
        self.folder, self.history = folder, history
        self.plan = plan.read(folder)
        self.keys = plan.keys(folder)
        self.old_serials: list[tuple[Pool, str]] = []
        self.blocked: list[tuple[Pool, str]] = []
        self.number = 0
        self.chance = random.Random(self.plan.seed + 1)

    def act(self) -> None:
        """Do any one thing."""
        pool = self.chance.choice(self.plan.pools)
        verbs: tuple[Callable[[Pool], None], ...] = (
            self.release, self.release, self.set_seats, self.reissue, self.revoke, self.block,
            self.unblock,
        )  # fmt: skip
        self.chance.choice(verbs)(pool)

    def release(self, pool: Pool) -> None:
        """Free the seat of any open session."""
        listed, _ = self.ask("list_sessions", pool.serial_number)
        sessions = listed["sessions"] if listed else []
        if sessions:
            session = str(self.chance.choice(sessions)["id"])
            self.do("release", pool, "release_session", session, session=session)

    def set_seats(self, pool: Pool) -> None:
        """Change a pool's limit."""
        if pool.usage_model == "concurrent":
            seats = max(1, pool.seats + self.chance.randint(-2, 2))
            self.do("set_seats", pool, "set_seats", pool.serial_number, str(seats), seats=seats)

    def reissue(self, pool: Pool) -> None:
        """Replace a pool's key and tell the clients."""
        old = self.keys[pool.licence].serial_number
        answer = self.do("reissue", pool, "reissue_key", old)
        if answer:
            new = plan.Key(pool.licence, answer["serial_number"], answer["product_key"])
            self.keys[pool.licence] = new
            plan.hand_out(self.folder, self.keys)
            self.old_serials.append((pool, old))

    def revoke(self, _: Pool) -> None:
        """End a key that was replaced, and the sessions that it opened."""
        if self.old_serials:
            pool, serial = self.old_serials.pop(0)
            words = ("revoke_key", serial, "--end-sessions")
            self.do("revoke", pool, *words, ends_sessions=True)

    def block(self, pool: Pool) -> None:
        """Keep one machine from a licence."""
        client = self.chance.randrange(self.plan.clients)
        machine = f"PC-{client}-0"
        words = ("--account", pool.account, "--machine", machine)
        only = ("--serial-number", pool.serial_number)
        if (pool, machine) in self.blocked or any(m == machine for _, m in self.blocked):
            return
        if self.do("block", pool, "block", *words, *only, machine=machine):
            self.blocked.append((pool, machine))

    def unblock(self, _: Pool) -> None:
        """Lift the oldest block."""
        if len(self.blocked) > 3:
            pool, machine = self.blocked.pop(0)
            words = ("--account", pool.account, "--machine", machine)
            self.do("unblock", pool, "unblock", *words, machine=machine)

    def do(self, verb: Any, pool: Pool, command: str, *words: str, **told: Any) -> dict[str, Any]:
        """Do one thing and write it down; return the answer, or nothing when it was not done."""
        self.number += 1
        sent = time.time()
        answer, outcome = self.ask(command, *words, "--reason", reason(self.number))
        if verb == "release" and answer and answer["state"] != "released":
            outcome = "refused"  # it had ended by itself: there is nothing to record
        if verb == "unblock" and answer:
            told["changes"] = 1 + len(answer["also_lifted"])
        act = Act(self.number, verb, pool.licence, sent, time.time(), outcome, **told)
        self.history.write(act)
        return answer or {}

    def ask(self, command: str, *words: str) -> tuple[dict[str, Any] | None, Any]:
        """The answer of a command and what became of it: a broken connection leaves that open."""
        from django.core.management import CommandError
        from django.db import InterfaceError, OperationalError, close_old_connections

        from prove import estate

        close_old_connections()
        try:
            return estate.command(command, *words), "done"
        except CommandError:
            return None, "refused"
        except (OperationalError, InterfaceError):
            time.sleep(0.5)
            return None, "unknown"


def main() -> None:
    """Act until there is a file named ``stop``."""
    folder = Path(sys.argv[1])
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    with Writer(folder / "administrators.jsonl") as history:
        administrator = Administrator(folder, history)
        while not (folder / "stop").exists():
            administrator.act()
            time.sleep(BETWEEN_ACTS)


if __name__ == "__main__":
    main()
