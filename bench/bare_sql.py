"""The same statements without a web server: what PostgreSQL's own pgbench reaches."""

from __future__ import annotations

import re
import subprocess
import tempfile
from pathlib import Path
from urllib.parse import unquote, urlsplit

from bench.estate import Estate
from devstack.postgres import programs
from licensing import statements

RANDOM_UUID = "lpad(to_hex({}), 32, '0')::uuid"


def refreshes(estate: Estate, number: int, url: str, *, clients: int, seconds: int) -> float:
    """Refreshes a second by the product's own statement."""
    first = estate.held.pk * 100_000_000
    statement = filled(
        statements.REFRESH,
        session=RANDOM_UUID.format(f"{first} + :n::bigint"),
        version="NULL::varchar",
    )
    script = f"\\set n random(1, {number})\n{statement};\n"
    return pgbench(script, url, clients=clients, seconds=seconds)


def check_outs(estate: Estate, url: str, *, clients: int, seconds: int) -> float:
    """Check-outs a second, each with its close, by the product's own statements."""
    first = estate.spread[0][0]
    new = RANDOM_UUID.format(":a::bigint")
    opening = filled(
        statements.OPEN_SESSION,
        session=new,
        licence=f"({first.licence_id} + :pool::bigint)",
        key=f"({first.pk} + :pool::bigint)",
        identity=new,
        machine_name="'PC'", username="'user'", os_session="''", device_id="''",
        machine="'pc'", person="'user'", version="'16'", features="'{}'",
    )  # fmt: skip
    closing = filled(statements.GIVE_BACK, session=new, reason="'closed'", ended_at="NULL")
    pools = f"\\set pool random(0, {len(estate.spread) - 1})\n"
    script = f"\\set a random(1, 9000000000000000000)\n{pools}{opening};\n{closing};\n"
    return pgbench(script, url, clients=clients, seconds=seconds)


def filled(statement: str, **values: str) -> str:
    """The statement on one line with SQL in place of its parameters."""
    return re.sub(r"\s+", " ", statement % values).strip()


def pgbench(script: str, url: str, *, clients: int, seconds: int) -> float:
    """Transactions a second of a pgbench script."""
    server = urlsplit(url)
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as file:
        file.write(script)
        file.flush()
        output = subprocess.run(
            [
                Path(programs()) / "pgbench", "-n", "-M", "prepared", "-f", file.name,
                "-c", str(clients), "-j", "2", "-T", str(seconds),
                "-h", str(server.hostname), "-p", str(server.port), "-U", str(server.username),
                server.path.lstrip("/"),
            ],
            env={"PGPASSWORD": unquote(server.password or ""), "LC_ALL": "C"},
            capture_output=True, text=True, check=True,
        ).stdout  # fmt: skip
    found = re.search(r"tps = ([\d.]+)", output)
    assert found, output
    return float(found[1])


def measure(estate: Estate, open_sessions: int, url: str, *, seconds: int) -> dict[str, float]:
    """Both, at 16 connections."""
    run = {"clients": 16, "seconds": seconds}
    return {
        "refresh, bare SQL, 16": refreshes(estate, open_sessions, url, **run),
        "check-out and close, bare SQL, 16": 2 * check_outs(estate, url, **run),
    }
