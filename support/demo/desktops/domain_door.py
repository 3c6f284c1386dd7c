"""The door for simulated time: the licence domain itself, without HTTP."""

from __future__ import annotations

import dataclasses
import datetime as dt
import http
import uuid

from licensing import devices, keys, sessions
from licensing.api.problems import STATUS
from licensing.errors import LicensingError
from licensing.grants import Grant
from licensing.identity import Client
from licensing.models import ProductKey
from support.demo.desktops.clocks import moment
from support.demo.desktops.days import HOUR
from support.demo.desktops.desktop import Desktop
from support.demo.desktops.messages import (
    Answer,
    CheckOut,
    Close,
    HeldSession,
    Move,
    Refresh,
    Request,
)

DONE = Answer(status=http.HTTPStatus.NO_CONTENT)
SELDOM = 10 * HOUR
"""History needs no refresh every five minutes: only before a seat would be reclaimed."""


class DomainDoor:
    """Answers as the product would, but asks for few refreshes until ``end`` comes near.

    In its last minutes every program refreshes as in life, so that at ``end`` those
    that are online have just done so.
    """

    def __init__(self, end: float) -> None:
        self.end = end
        self.keys: dict[str, ProductKey] = {}

    def send(self, desktop: Desktop, request: Request, now: float) -> Answer:
        """What the domain answers."""
        try:
            match request:
                case CheckOut(session_id):
                    key = self.key(desktop.serial_number)
                    key.licence.today = moment(now).date()  # it may have been found days ago
                    grant, created = sessions.check_out(key, client_of(desktop, session_id))
                    return self.answer(grant, key, desktop, now, is_new=created)
                case Refresh(session):
                    grant = sessions.refresh(uuid.UUID(session.id))
                case Close(session, ended_at, serial_number):
                    self.close(session, moment(ended_at) if ended_at else None, serial_number)
                    return DONE
                case Move(session):
                    devices.move(uuid.UUID(session.id))
                    return DONE
        except LicensingError as error:
            return refused(error)
        return self.answer(grant, self.key(desktop.serial_number), desktop, now)

    def close(self, session: HeldSession, at: dt.datetime | None, serial_number: str) -> None:
        """Close a session by its token, or one that was never heard of by a key."""
        if serial_number:
            sessions.close_of(self.key(serial_number).licence, uuid.UUID(session.id), ended_at=at)
        else:
            sessions.close(uuid.UUID(session.id), ended_at=at)

    def key(self, serial_number: str) -> ProductKey:
        """The key with this serial number, as it was when last asked for."""
        if serial_number not in self.keys:
            key = keys.find(serial_number)
            assert key is not None
            self.keys[serial_number] = key
        return self.keys[serial_number]

    def forget_keys(self) -> None:
        """Look keys and licences up anew: somebody changed them."""
        self.keys.clear()

    def answer(
        self, grant: Grant, key: ProductKey, desktop: Desktop, now: float, *, is_new: bool = False
    ) -> Answer:
        """The grant as a client sees it."""
        return Answer(
            status=http.HTTPStatus.CREATED if is_new else http.HTTPStatus.OK,
            session=HeldSession(str(grant.session_id)),
            refresh_after=self.refresh_after(grant, key, desktop, now),
            lease_until=grant.grace_until.timestamp(),
        )

    def refresh_after(self, grant: Grant, key: ProductKey, desktop: Desktop, now: float) -> float:
        """Seconds until the next refresh: seldom, in time, and once just before the end."""
        usual = grant.refresh_after
        reclaim_after = key.licence.reclaim_after
        seldom = min(SELDOM, reclaim_after.total_seconds() * 0.85 if reclaim_after else SELDOM)
        until_last_minutes = self.end - usual - now
        if until_last_minutes <= 0:
            return usual
        return min(seldom, until_last_minutes + usual * desktop.rng.uniform(0.1, 0.9))


def client_of(desktop: Desktop, session_id: str) -> Client:
    """The program as the domain knows it."""
    own = uuid.UUID(session_id) if session_id else None
    return dataclasses.replace(desktop.client, session_id=own)


def refused(error: LicensingError) -> Answer:
    """A refusal as a client sees it."""
    return Answer(
        error.code,
        status=STATUS[type(error)],
        retryable=error.retryable,
        reason=error.extra.get("reason", ""),
    )
