"""How the product connects to PostgreSQL, and how long it waits for it."""

from __future__ import annotations

from typing import Any

# Prepared statements (the hot ones) that are told many sessions are not planned anew each time, and
# none is compiled, as Debian's PostgreSQL would use by group: either takes as long as to run it. No
# statement starts processes to help it: to add up a year took 125 ms with two of them, 54 without.
PLANS = {
    "plan_cache_mode": "force_generic_plan",
    "jit": "off",
    "max_parallel_workers_per_gather": "0",
}
MIGRATION_LIMITS = {"statement_timeout": "0", "lock_timeout": "1s"}
"""How long migrations wait for each lock, and for nothing else."""
GONE = {
    "connect_timeout": 3,
    "keepalives_idle": 30,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}
"""When a machine counts as gone, used or not: libpq's options, in seconds but for the last."""
WRITES = {"target_session_attrs": "read-write"}
"""Of several hosts the one that takes what is written, and not a standby of it."""


def session(*, statement_seconds: int) -> dict[str, str]:
    """What PostgreSQL is to do on each connection otherwise than it would, in its own units."""
    return {"statement_timeout": f"{1000 * statement_seconds}"} | PLANS


def settings(
    named: dict[str, Any], *, session: dict[str, str], is_pooled: bool = False
) -> dict[str, Any]:
    """``DATABASES``: connections stay open; a broken one is dropped at the end of its request.

    A pooler takes no words for the session, which is not ours alone: its user's settings say it.
    """
    several = "," in named.get("HOST", "")
    options = {
        **GONE,
        **(WRITES if several else {}),
        **named.get("OPTIONS", {}),
        **({} if is_pooled else {"options": as_options(session)}),
        "prepare_threshold": 5,  # lets them be prepared
    }
    ours = {
        "ENGINE": "config.postgresql",
        "CONN_MAX_AGE": None,
        "DISABLE_SERVER_SIDE_CURSORS": is_pooled,
        "OPTIONS": options,
    }
    return {"default": named | ours}


def as_options(session: dict[str, str]) -> str:
    """The same as libpq hands it on at the start of a connection."""
    return " ".join(f"-c {name}={value}" for name, value in session.items())
