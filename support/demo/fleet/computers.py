"""Computers: folders, a network, and programs that are processes over the C++ library."""

from __future__ import annotations

import asyncio
import dataclasses
import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

from django.conf import settings

from support.demo.fleet.networks import Network

LIBRARY = Path(settings.BASE_DIR) / "client" / "cpp"
PROGRAM = LIBRARY / "examples" / "twenty_lines.cpp"
DRIVEN = ("-include", str(LIBRARY / "kit" / "threads.hpp"))
"""By lines of text, where it would wait for its user."""
VERSION = "16.0.02"
SECONDS_TO_ANSWER = 2
"""For so long a program waits for the product before it goes on offline."""


class CannotBuild(Exception):
    """The program cannot be made on this machine; says why."""


def program_in(folder: Path) -> Path:
    """The program, built in this folder within some ten seconds; raise CannotBuild."""
    compiler = shutil.which("g++") or shutil.which("clang++")
    if not compiler:
        raise CannotBuild("There is no compiler, g++ or clang++ (Debian: g++).")
    if not PROGRAM.exists():
        raise CannotBuild(f"The library is not here ({LIBRARY}): it comes with the sources only.")
    made = folder / "desktop"
    options = ("-std=c++17", "-O1", f"-I{LIBRARY / 'include'}", "-lcurl", "-lcrypto", "-pthread")
    command = [compiler, *DRIVEN, str(PROGRAM), *options, "-o", str(made)]
    told = subprocess.run(command, capture_output=True, text=True)
    if told.returncode:
        first = next((line for line in told.stderr.splitlines() if "error" in line), told.stderr)
        raise CannotBuild(
            "The library does not compile (Debian: libcurl4-openssl-dev, libssl-dev, "
            f"nlohmann-json3-dev): {first}"
        )
    return made


class Program:
    """A program at work, which is told what to do line by line."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.typed = cast("asyncio.StreamWriter", process.stdin)
        self.printed = cast("asyncio.StreamReader", process.stdout)

    async def say(self, line: str) -> str:
        """How things stand after a line: the state, open or shut, the code."""
        self.typed.write(f"{line}\n".encode())
        return (await self.printed.readline()).decode().partition("\t")[0]

    async def try_again(self) -> str:
        """The same, once it has asked anew."""
        self.typed.write(b"again\n")
        return await self.say("wait")

    async def kill(self) -> None:
        """End it as a crash does."""
        self.process.kill()
        await self.process.wait()

    async def end(self) -> float:
        """End it as a user does; how many milliseconds that kept the window."""
        self.typed.close()
        told = (await self.printed.read()).decode()
        await self.process.wait()
        return float(told.partition("stopped after ")[2].partition(" ms")[0] or "inf")


@dataclasses.dataclass(slots=True)
class Computer:
    """One user's computer, with a policy in its folder."""

    name: str
    folder: Path
    program: Path
    network: Network

    async def set_up(self, serial_number: str, product_key: str) -> None:
        """Begin its network, and roll the key out to it."""
        values = {
            "SerialNumber": serial_number,
            "ProductKey": product_key,
            "ServiceUrl": await self.network.begin(),
            "Proxy": "direct",
            "TimeoutSeconds": str(SECONDS_TO_ANSWER),
        }
        policy = self.folder / "etc/elecosoft/powerproject/licensing.policy"
        policy.parent.mkdir(parents=True)
        policy.write_text("".join(f"{name} = {value}\n" for name, value in values.items()))

    async def start(self) -> Program:
        """Start the program."""
        process = await asyncio.create_subprocess_exec(
            self.program,
            VERSION,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            env=os.environ
            | {
                "CLOUD_LICENCE_ETC": str(self.folder / "etc"),
                "XDG_STATE_HOME": str(self.folder / "state"),
                "XDG_CONFIG_HOME": str(self.folder / "config"),
                "KIT_MACHINE": self.name,
                "KIT_USER": f"FLEET\\{self.name.lower()}",
                "LC_ALL": "C.UTF-8",
            },
        )
        return Program(process)

    @property
    def held(self) -> set[str]:
        """The sessions that its programs have open, or that may have been given to them."""
        records = list(self.records())
        sessions = [record["situation"]["session"] for record in records]
        pending = {record["pending"]["session_id"] for record in records if record["pending"]}
        return pending | {session["id"] for session in sessions if session}

    @property
    def unsent(self) -> set[str]:
        """The sessions whose close waits for a way to the product."""
        closes = (close for record in self.records() for close in record["closes"])
        return {close["session"]["id"] for close in closes}

    def records(self) -> Iterator[dict[str, Any]]:
        """What the library keeps on this computer."""
        for path in (self.folder / "state").rglob("licence-*.json"):
            yield json.loads(path.read_text(encoding="utf-8"))
