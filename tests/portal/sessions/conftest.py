"""People who use licences, each in another state."""

from __future__ import annotations

import datetime as dt

from licensing import keys
from tests.factories import TESTER, make_client, make_pool, make_session
from tests.kept import kept
from tests.portal.sessions.listed import HOUR


@kept
def four(account, pool):
    """Sessions of four people in the four states."""
    tender = make_pool(5, account=account, name="Tender office")
    keys.set_label(tender, "Site team", by=TESTER)
    make_session(pool, make_client(username="anna", machine_name="CAD-1", version="16.0.02"))
    make_session(
        pool,
        make_client(username="bert", machine_name="CAD-2", os_session="7", version="17.1"),
        refreshed=dt.timedelta(minutes=10),
    )
    make_session(tender, make_client(username="cleo", machine_name="PLAN-1"), refreshed=9 * HOUR)
    make_session(tender, make_client(username="dora", machine_name="PLAN-2"), refreshed=49 * HOUR)
