"""A move from ALM that is under way: its list is in, one office has started, the end is dated."""

from __future__ import annotations

import datetime as dt

from licensing import alm, alm_moves, clock, keys, sessions
from licensing.identity import Client
from licensing.models import Account
from portal.models import Membership
from support.demo.estate.accounts import HARBOUR
from support.demo.estate.people import SALES, actor_of

LIST = b"""\
server,product,licences,features,split,peak
hdp-alm,asta-powerproject,9,bim,Bristol 6; Cardiff 3,8
hdp-alm,asta-powerproject-4d,2,bim,,2
"""
ENDS_IN = dt.timedelta(days=30)
MACHINES = ("BRS-01", "BRS-02")


def begin() -> None:
    """Take the customer's list in, and let the first office start with its key."""
    made = alm.carry_out(alm.plan(HARBOUR, LIST), by=actor_of(SALES), reason="The move from ALM")
    bristol, _ = made[0]
    owner = Membership.objects.owners().select_related("user").get(account=bristol.account)
    keys.reveal(bristol, by=owner.user.as_actor)
    for machine in MACHINES:
        program = Client(machine_name=machine, username="HDP\\j.reid", version="16.1.00")
        grant, _ = sessions.check_out(bristol, program)
        sessions.close(grant.session_id)
    date_the_end(bristol.account)


def date_the_end(account: Account) -> None:
    """Tell until when the old codes are."""
    on = (account.local(clock.database_time()) + ENDS_IN).date()
    alm_moves.date_end(account, on=on, by=actor_of(SALES), reason="As agreed with the customer.")
