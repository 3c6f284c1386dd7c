"""``python -m prove.clients FOLDER``: desktops that write down all they ask and hear."""

from __future__ import annotations

import asyncio
import sys
import time
from pathlib import Path

from prove import plan
from prove.desktop import Desktop, Progress
from prove.history import Writer


async def work(folder: Path) -> None:
    """Let every client work until the run is over, or there is a file named ``stop``."""
    read = plan.read(folder)
    progress = Progress(read, time.time() + read.seconds, folder / "stop")
    with Writer(folder / "clients.jsonl") as history:
        desktops = [Desktop(n, folder, progress, history) for n in range(read.clients)]
        await asyncio.gather(*(desktop.work() for desktop in desktops))


if __name__ == "__main__":
    asyncio.run(work(Path(sys.argv[1])))
