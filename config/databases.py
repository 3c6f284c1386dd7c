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
WEB_SECONDS, OTHERS_SECONDS = 5, 60
"""How long a statement may take where somebody waits for a page, and in workers and commands."""
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
OF_SEVERAL = {"default": "read-write", "standby": "prefer-standby"}
"""Which of several hosts is used: the one that takes what is written, or a standby of it."""


def statement_seconds(is_pooled: bool) -> int:
    """How long a statement may take where nobody said it: through a pooler as web servers want it.

    There the limit is its user's, the same for each process, and web servers refuse a longer one.
    """
    return WEB_SECONDS if is_pooled else OTHERS_SECONDS


def session(*, statement_seconds: int) -> dict[str, str]:
    """What PostgreSQL is to do on each connection otherwise than it would, in its own units."""
    return {"statement_timeout": f"{1000 * statement_seconds}"} | PLANS


def settings(
    primary: dict[str, Any],
    standby: dict[str, Any] | None = None,
    *,
    session: dict[str, str],
    is_pooled: bool = False,
) -> dict[str, Any]:
    """``DATABASES``: the primary, and the standby if there is one (``licensing/standby.py``).

    Connections stay open; a broken one is dropped at the end of its request. A pooler takes no
    words for the session, which is not ours alone: its user's settings say it.
    """
    told = {} if is_pooled else {"options": as_options(session)}
    named = {"default": primary} | ({"standby": standby} if standby else {})
    ours = {
        "ENGINE": "config.postgresql",
        "CONN_MAX_AGE": None,
        "DISABLE_SERVER_SIDE_CURSORS": is_pooled,
    }
    return {
        name: one | ours | {"OPTIONS": options(one, OF_SEVERAL[name]) | told}
        for name, one in named.items()
    }


def options(named: dict[str, Any], wanted: str) -> dict[str, Any]:
    """What libpq is told for a database; its address wins but for what makes us quick."""
    several = "," in named.get("HOST", "")
    return {
        **GONE,
        **({"target_session_attrs": wanted} if several else {}),
        **named.get("OPTIONS", {}),
        "prepare_threshold": 5,  # lets them be prepared
    }


def as_options(session: dict[str, str]) -> str:
    """The same as libpq hands it on at the start of a connection."""
    return " ".join(f"-c {name}={value}" for name, value in session.items())
