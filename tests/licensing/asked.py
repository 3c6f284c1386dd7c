"""The statements that hot calls ask for, not asked yet."""

from __future__ import annotations

from unittest import mock

from licensing import keys, pools, statements
from licensing.group_commit import Asked
from tests.factories import make_client


def check_out(key, client=None, product_key=None):
    """The one by which somebody checks out."""
    proof = keys.proof(key.serial_number, product_key or key.plain)
    with mock.patch.object(pools, "fetch_grant", Asked):
        return pools.open_session_with_key(proof, client or make_client())


def close(session, ended_at=None):
    """The one by which a session is closed."""
    values = {"session": session.pk, "reason": "closed", "ended_at": ended_at}
    return Asked(statements.GIVE_BACK, values)
