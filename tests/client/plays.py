"""Plays: programs that start, run and end on one computer, and a service that answers them.

Clock, network, processes and the names of user and machine are planted around the client. What it
sends is read off the wire, and what it keeps out of its store.
"""

from __future__ import annotations

import contextlib
import functools
import io
import itertools
import os
import socket
import ssl
import time
from unittest import mock

from tests.client.wire import Names, Sent, response

FAILURES = {
    "unreachable": ConnectionRefusedError,
    "timed_out": TimeoutError,
    "certificate": ssl.SSLCertVerificationError,
}
FIRST_PROCESS = 101
FAR_FROM_UTC = "NPT-05:45"
NOBODY = FIRST_PROCESS - 1


def played(client, kit, case, leases, folder):
    """What the client does in each step of a case, told as far as the case tells it."""
    stage = Stage(client, kit, case, leases, folder)
    with stage.set_up():
        return [stage.play(step) for step in case["steps"]]


class Stage:
    """One computer with one user, while a case is played on it."""

    def __init__(self, client, kit, case, leases, folder) -> None:
        self.client, self.kit, self.leases, self.folder = client, kit, leases, folder
        self.policy = {**kit["policy"], **case.get("policy", {})}
        self.program = {**kit["program"], **case.get("program", {})}
        self.who = {**kit["who"], **case.get("who", {})}
        self.at = self.clock = self.uptime = 0.0
        self.pids: dict[str, int] = {}
        self.policies: dict[str, object] = {}
        self.started = itertools.count(FIRST_PROCESS)
        self.names = Names()
        self.exchanges: list[dict] = []
        self.sent: list[Sent] = []

    @contextlib.contextmanager
    def set_up(self):
        """The computer around the client."""
        machine = self.client.machine
        environment = {
            "HOME": str(self.folder),
            "CLOUD_LICENCE_ETC": str(self.folder / "etc"),
            "XDG_CONFIG_HOME": str(self.folder / "config"),
            "XDG_STATE_HOME": str(self.folder / "state"),
            "LANG": f"{self.who['language']}.UTF-8",
            "TZ": FAR_FROM_UTC,
        }
        if not self.who["can_write"]:
            (self.folder / "state").touch()  # and no folder can be made there
        with contextlib.ExitStack() as planted:
            planted.callback(time.tzset)
            for patch in (
                mock.patch.dict(os.environ, environment, clear=True),
                mock.patch.object(os, "fsync", mock.Mock()),
                mock.patch.object(os, "urandom", low(os.urandom)),
                mock.patch.object(time, "time", self.read_clock),
                mock.patch.object(time, "monotonic", self.read_uptime),
                mock.patch.object(socket, "create_connection", self.connect),
                mock.patch.object(machine, "identity", self.identity),
                mock.patch.object(machine, "machine_id", self.machine_id),
                mock.patch.object(machine, "mark_of", self.mark_of),
            ):
                planted.enter_context(patch)
            time.tzset()
            yield

    def identity(self):
        """Who asks."""
        names = ("machine_name", "username", "os_session")
        return self.client.machine.Identity(**{name: self.who[name] for name in names})

    def machine_id(self) -> str:
        """What the machine calls itself."""
        return self.who["machine_id"]

    def read_clock(self) -> float:
        """The computer's clock."""
        return self.clock

    def read_uptime(self) -> float:
        """The clock that nobody can set."""
        return self.uptime

    def connect(self, *_, **__) -> Connection:
        """A connection to whoever answers."""
        return Connection(self)

    def mark_of(self, pid: int) -> str:
        """By what a running process is known."""
        return "running" if pid in self.pids.values() else ""

    def play(self, step):
        """Do a step; say what was sent and what holds then, as far as the step says it."""
        before, self.at = self.at, step["at"]
        self.uptime += self.at - before
        self.clock = step.get("clock", self.at)
        for name in ("policy", "program", "who"):
            getattr(self, name).update(step.get(name, {}))
        self.write_policy()
        if step.get("store") == "deleted":
            self.place().unlink()
        self.exchanges, self.sent = step.get("exchanges", []), []

        outcome = self.do(step)

        sent = [
            request.told(exchange["sent"] if exchange else None, self.names)
            for request, exchange in zip(self.sent, [*self.exchanges, *[None] * 99], strict=False)
        ]
        return {"sent": sent, "expect": self.what_holds(outcome, step.get("expect", {}))}

    def write_policy(self) -> None:
        """What the IT department rolled out."""
        path = self.folder / "etc/elecosoft/powerproject/licensing.policy"
        path.parent.mkdir(parents=True, exist_ok=True)
        lines = [f"{name} = {value}\n" for name, value in self.policy.items()]
        path.write_text("".join(lines), encoding="utf-8")

    def do(self, step):
        """Let a process of the program do something; it may end thereby."""
        verb, process = step["do"], step.get("process", "one")
        if verb == "killed":
            self.end(process)
            return None
        if verb == "open":
            self.client.begin_anew()
            self.pids[process] = next(self.started)
        more = [tuple(step["features"])] if verb == "take" else []
        told = {"within": step["within"]} if "within" in step else {}
        outcome = self.verb(verb)(self.asking(process), *more, **told)
        if verb == "open":
            self.policies[process] = outcome.policy
        if verb == "close" or (verb == "open" and not outcome.situation.is_open):
            self.end(process)
        return outcome

    def end(self, process: str) -> None:
        """A process is no more."""
        self.pids.pop(process, None)
        self.policies.pop(process, None)

    def verb(self, verb: str):
        """The function of the client that does it."""
        licence = self.client.program
        if verb == "again":
            return functools.partial(licence.open_licence, is_tried_again=True)
        names = {"open": "open_licence", "take": "take_features"}
        return getattr(licence, names.get(verb, verb))

    def asking(self, process: str):
        """The program that asks."""
        pinned = [key for key in self.leases["keys"] if key["kid"] in self.program["pinned_keys"]]
        given = {name: as_tuple(value) for name, value in self.program.items()}
        given["pinned_keys"] = tuple(pinned)
        given["policy"] = self.policies.get(process)  # that of its start
        return self.client.desk.Program(**given, holder=self.pids.get(process, NOBODY))

    def what_holds(self, outcome, expected):
        """What holds, of that which the step tells."""
        record = self.record()
        situation = outcome.situation if outcome else record.situation
        session, pending = record.situation.session, record.pending
        holds = {
            **{name: getattr(situation, name) for name in ("is_open", "code", "talk_at")},
            "state": str(situation.state),
            "grace_until": situation.grace_until,
            "session": self.names.told(session.id) if session else None,
            "closes": [self.names.told(close.session.id) for close in record.closes],
            "pending": self.names.told(pending.session_id) if pending else None,
            "has_lease": bool(record.lease),
            "latest": record.latest,
            "can_do_without": list(outcome.can_do_without) if outcome else [],
            "new_key_waits": bool(outcome and outcome.new_key_waits),
        }
        return {name: holds[name] for name in expected}

    def record(self):
        """What the client keeps; a record of nothing where it keeps none."""
        who = {name: self.who[name] for name in ("machine_name", "username")}
        place = self.place()
        if not place.exists():
            return self.client.records.Record(**who)
        return self.client.records.read(place.read_text(encoding="utf-8"), **who)

    def place(self):
        """Where the client keeps it."""
        names = self.who["machine_name"], self.who["os_session"]
        return self.client.store.place("Elecosoft", "Powerproject", *names)

    def answer(self, request: bytes) -> bytes:
        """What comes back for a request; raise OSError where nothing does."""
        sent = Sent.read(request, self.names)
        self.sent.append(sent)
        if len(self.sent) > len(self.exchanges):
            raise ConnectionRefusedError  # one too many: the case fails for it
        told = self.names.filled(self.exchanges[len(self.sent) - 1]["answer"])
        if told["kind"] == "no_answer":
            raise FAILURES[told["code"]]
        return response(told, sent, self.kit, self.leases, self.at)


class Connection:
    """A socket to whoever answers, as far as HTTP needs one."""

    def __init__(self, stage: Stage) -> None:
        self.stage, self.request = stage, b""

    def sendall(self, data: bytes) -> None:
        """Take a part of the request."""
        self.request += data

    def makefile(self, *_):
        """The answer, to be read."""
        try:
            return io.BytesIO(self.stage.answer(self.request))
        except OSError as problem:
            return Silence(problem)

    def close(self) -> None:
        """Hang up."""

    setsockopt = settimeout = lambda *_: None


class Silence(io.BytesIO):
    """What is read where nothing comes."""

    def __init__(self, problem: OSError) -> None:
        super().__init__()
        self.problem = problem

    def readline(self, *_):
        """Fail as the connection did."""
        raise self.problem


def low(urandom):
    """Random bytes, but every draw of four, which the client's waits are made of, is the lowest."""
    return lambda count: bytes(4) if count == 4 else urandom(count)


def as_tuple(value):
    """A list as a tuple."""
    return tuple(value) if isinstance(value, list) else value
