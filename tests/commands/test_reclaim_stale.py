from __future__ import annotations

import datetime as dt

from tests.factories import make_session


def test_counts_the_seats_taken_back(run, pool):
    make_session(pool, refreshed=dt.timedelta(hours=49))
    make_session(pool)

    assert run("reclaim_stale") == {"reclaimed": 1}
    assert run("reclaim_stale") == {"reclaimed": 0}
