"""Decides from requests, answers and the final database alone whether every promise was kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from prove import own_ids, pools, promises
from prove.database import Database
from prove.history import History


def check(history: History, database: Database) -> dict[str, list[str]]:
    """Every breach that was found, under the promise that it breaks."""
    return {
        "no pool over its limit": list(pools.over_limit(history, database)),
        "no check-out lost": list(promises.lost_check_outs(history, database)),
        "no close lost": list(promises.lost_closes(history, database)),
        "no session that nobody asked for": list(own_ids.unasked_for(history, database)),
        "no ended session revived": list(promises.revived(history, database)),
        "every seat free or held once": list(misheld(history, database)),
        "every refusal recorded": list(promises.unrecorded_refusals(history, database)),
        "the audit chain whole": list(promises.broken_chains(history, database)),
        "no error of the server": list(promises.server_errors(history)),
        "no request dropped by a restart": list(promises.dropped(history)),
    }


def misheld(history: History, database: Database) -> Iterator[str]:
    """Seats that are lost, or not held by exactly one active session, then or at the end."""
    yield from pools.misheld_in_samples(history)
    active = {
        row["id"]: row["licence_id"] for row in database["sessions"] if row["ended_at"] is None
    }
    yield from misheld_seats(database, active)
    yield from wrong_numbers_of_seats(database)
    yield from misheld_features(database, active)


def misheld_seats(database: Database, active: dict[str, int]) -> Iterator[str]:
    """Seats with the wrong holder, and active sessions that have not one seat."""
    holders = Counter(row["session_id"] for row in database["seats"] if row["session_id"])
    for row in database["seats"]:
        holder = row["session_id"]
        if holder and active.get(holder) != row["licence_id"]:
            yield f"seat {row['id']} is held by {holder}, which is not open on its licence"
    for session in active.keys() | holders.keys():
        if holders[session] != 1:
            yield f"session {session} holds {holders[session]} seats"


def wrong_numbers_of_seats(database: Database) -> Iterator[str]:
    """Licences whose seats are not as many as the limit, but for those that drain."""
    rows = Counter(row["licence_id"] for row in database["seats"])
    held = Counter(row["licence_id"] for row in database["seats"] if row["session_id"])
    draining = Counter(row["licence_id"] for row in database["seats"] if row["draining"])
    for licence in database["licences"]:
        which, seats = licence["id"], licence["seats"]
        is_draining = rows[which] > seats and rows[which] == held[which] == draining[which]
        if rows[which] != seats and not is_draining:
            yield f"licence {which}: {rows[which]} seats, the limit is {seats}"


def misheld_features(database: Database, active: dict[str, int]) -> Iterator[str]:
    """Limited features with the wrong number of seats, or with a wrong holder."""
    rows = Counter(row["licence_feature_id"] for row in database["feature_seats"])
    licence_of = {row["id"]: row["licence_id"] for row in database["features"]}
    for feature in database["features"]:
        if rows[feature["id"]] != feature["seats"]:
            yield f"feature {feature['id']}: {rows[feature['id']]} seats of {feature['seats']}"
    seen: set[tuple[int, str]] = set()
    for row in database["feature_seats"]:
        feature_id, holder = row["licence_feature_id"], row["session_id"]
        if holder is None:
            continue
        if active.get(holder) != licence_of[feature_id] or (feature_id, holder) in seen:
            yield f"feature seat {row['id']} is held by {holder}, which must not"
        seen.add((feature_id, holder))
