"""The door for real time: the client API, over HTTP."""

from __future__ import annotations

import base64
import datetime as dt
import http
import random
from collections.abc import Mapping
from typing import Any

import httpx

from licensing.models.intervals import REFRESH_AFTER
from support.demo.desktops.clocks import moment
from support.demo.desktops.desktop import Desktop
from support.demo.desktops.messages import (
    UNREACHABLE,
    Answer,
    CheckOut,
    Close,
    HeldSession,
    Move,
    Refresh,
    Request,
)
from support.demo.desktops.simulated_time import Clock

SECONDS_TO_ANSWER = 10.0
SECONDS_TO_RECOVER = 1.0
MOST_CONNECTIONS = 64


def connect(url: str) -> httpx.AsyncClient:
    """A client of the product at this address. Proxies of the environment are not asked."""
    limits = httpx.Limits(
        max_connections=MOST_CONNECTIONS, max_keepalive_connections=MOST_CONNECTIONS
    )
    return httpx.AsyncClient(
        base_url=url, timeout=SECONDS_TO_ANSWER, limits=limits, trust_env=False
    )


class HttpDoor:
    """Sends what desktops ask to the product, and tells its answers in simulated time.

    The share ``lost`` of the answers is cut off: the product did as it was asked, and
    the desktop does not hear of it.
    """

    def __init__(
        self,
        client: httpx.AsyncClient,
        product_keys: Mapping[str, str],
        clock: Clock,
        *,
        lost: float = 0,
    ) -> None:
        self.client = client
        self.product_keys = product_keys
        self.clock = clock
        self.lost = lost
        self.rng = random.Random("cut off")  # noqa: S311

    async def send(self, desktop: Desktop, request: Request) -> Answer:
        """What the product answers; ``unreachable`` when it does not."""
        try:
            response = await self.client.send(self.build(desktop, request))
        except httpx.TransportError:
            return self.no_answer()
        if self.rng.random() < self.lost:
            return self.no_answer()
        if response.is_success:
            return self.granted(response)
        return self.refused(response)

    def no_answer(self) -> Answer:
        """What a desktop makes of an answer that does not come."""
        wait = SECONDS_TO_RECOVER * self.clock.speed
        return Answer(UNREACHABLE, retryable=True, retry_after=wait)

    def build(self, desktop: Desktop, request: Request) -> httpx.Request:
        """The request as the client API wants it."""
        match request:
            case CheckOut(session_id):
                document = self.check_out_document(desktop) | given(session_id=session_id)
                return self.client.build_request("POST", "/api/v1/sessions", json=document)
            case Refresh(session):
                return self.client.build_request(
                    "POST",
                    f"/api/v1/sessions/{session.id}/refresh",
                    json={"version": desktop.client.version},
                    headers=bearer(session),
                )
            case Close(session, ended_at, serial):
                return self.client.build_request(
                    "DELETE",
                    f"/api/v1/sessions/{session.id}",
                    params={"ended_at": self.rfc3339(ended_at)} if ended_at else None,
                    headers=self.basic(serial) if serial else bearer(session),
                )
            case Move(session):
                return self.client.build_request(
                    "DELETE", f"/api/v1/sessions/{session.id}/device", headers=bearer(session)
                )

    def check_out_document(self, desktop: Desktop) -> dict[str, Any]:
        """What the program says about itself when it asks for a seat."""
        client = desktop.client
        return {
            "serial_number": desktop.serial_number,
            "product_key": self.product_keys[desktop.serial_number],
            "machine_name": client.machine_name,
            "username": client.username,
            "os_session": client.os_session,
            "version": client.version,
            "features": client.features,
            **given(device_id=client.device_id),
        }

    def basic(self, serial_number: str) -> dict[str, str]:
        """The header that proves a key."""
        pair = f"{serial_number}:{self.product_keys[serial_number]}"
        return {"Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}

    def rfc3339(self, at: float) -> str:
        """A simulated time as the real one that the product knows."""
        return moment(self.clock.real(at)).isoformat()

    def granted(self, response: httpx.Response) -> Answer:
        """The answer to what succeeded."""
        if response.status_code == http.HTTPStatus.NO_CONTENT:
            return Answer(status=response.status_code)
        told = response.json()
        grace_until = dt.datetime.fromisoformat(told["grace_until"])
        return Answer(
            status=response.status_code,
            session=HeldSession(told["id"], told["token"]),
            refresh_after=self.refresh_after(told["refresh_after"]),
            lease_until=self.clock.simulated(grace_until.timestamp()),
        )

    def refresh_after(self, told: float) -> float:
        """The wait in simulated seconds: as usual, or less where the licence wants it so.

        The fleet's licences have policies as short as its days, of which the product knows
        whole real seconds only.
        """
        return min(told * self.clock.speed, REFRESH_AFTER.total_seconds())

    def refused(self, response: httpx.Response) -> Answer:
        """The answer to what failed.

        A pool asks people to wait, whose days are short; a product that is braking or
        in trouble means real seconds.
        """
        told = problem(response)
        status = response.status_code
        wait = float(response.headers.get("Retry-After", 0))
        is_about_people = status == http.HTTPStatus.CONFLICT
        return Answer(
            told.get("code", f"http_{status}"),
            status=status,
            reason=told.get("reason", ""),
            retryable=told.get("retryable", status >= http.HTTPStatus.INTERNAL_SERVER_ERROR),
            retry_after=wait if is_about_people else wait * self.clock.speed,
        )


def given(**fields: str) -> dict[str, str]:
    """The fields that have a value; an older program does not know them."""
    return {name: value for name, value in fields.items() if value}


def problem(response: httpx.Response) -> dict[str, Any]:
    """The problem document (RFC 9457), empty if the answer is none."""
    if not response.headers.get("Content-Type", "").startswith("application/problem+json"):
        return {}
    document: dict[str, Any] = response.json()
    return document


def bearer(session: HeldSession) -> dict[str, str]:
    """The header that proves a session."""
    return {"Authorization": f"Bearer {session.token}"}
