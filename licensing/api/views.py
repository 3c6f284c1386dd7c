"""The client API: thin views over the domain, which raises what is refused."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from django.http import HttpRequest, HttpResponse
from msgspec import Meta

from licensing import devices, errors, keys, leases, refused_refreshes, sessions
from licensing.api import authentication, brake, parsers, schema
from licensing.api.documents import CheckOutRequest, RefreshRequest, session_document
from licensing.api.exchange import DocumentView, answer, note_account, nothing

EndedAt = Annotated[
    dt.datetime,
    Meta(
        tz=True,
        description="When the program was closed: RFC 3339 with a time zone, such as "
        "2026-11-24T14:05:00Z (a + is written %2B in an address).",
    ),
]


class SessionsView(DocumentView):
    """Where sessions are opened."""

    @schema.check_out
    def post(self, request: HttpRequest) -> HttpResponse:
        """Check out a licence: 201 for a new seat, 200 for a seat held already."""
        wanted = parsers.read(request, CheckOutRequest)
        client = wanted.client(request.request_id)  # type: ignore[attr-defined]
        with brake.counting(request, wanted.serial_number):
            grant, created = sessions.check_out_with_key(
                wanted.serial_number, wanted.product_key, client
            )
        note_account(request, grant.account_id)
        return answer(session_document(grant), status=201 if created else 200)


class RefreshView(DocumentView):
    """Where a session is renewed."""

    @schema.refresh
    def post(self, request: HttpRequest, session_id: str) -> HttpResponse:
        """Renew a session's grace period and lease."""
        proven = authentication.proven_session(request, session_id)
        told = parsers.read(request, RefreshRequest)
        try:
            grant = sessions.refresh(proven, version=told.version)
        except errors.LicensingError:
            refused_refreshes.note(proven, request.request_id)  # type: ignore[attr-defined]
            raise
        note_account(request, grant.account_id)
        return answer(session_document(grant))


class SessionView(DocumentView):
    """One session."""

    @schema.close
    def delete(self, request: HttpRequest, session_id: str) -> HttpResponse:
        """Give the seat back, by the session's token or by the licence's key."""
        if pair := authentication.key_pair(request):
            return self.close_with_key(request, session_id, *pair)
        proven = authentication.proven_session(request, session_id)
        note_account(request, sessions.close(proven, ended_at=self.ended_at(request)))
        return nothing()

    def close_with_key(
        self, request: HttpRequest, session_id: str, serial_number: str, product_key: str
    ) -> HttpResponse:
        """Close what the key's licence has by this id, if anything."""
        with brake.counting(request, serial_number):
            key = keys.authenticate(serial_number, product_key)
        note_account(request, key.account_id)
        ended_at = self.ended_at(request)
        if (named := authentication.id_in(session_id)) is not None:
            sessions.close_of(key.licence, named, ended_at=ended_at)
        return nothing()

    def ended_at(self, request: HttpRequest) -> dt.datetime | None:
        """When the program was closed, if the request tells."""
        if "ended_at" not in request.GET:
            return None
        told: dt.datetime = parsers.read_parameter("ended_at", request.GET["ended_at"], EndedAt)
        try:
            return told.astimezone(dt.UTC)  # PostgreSQL takes fewer zones than RFC 3339
        except OverflowError:  # at either end of the calendar
            return told.replace(tzinfo=dt.UTC)


class DeviceView(DocumentView):
    """The device that a single-user session runs on."""

    @schema.move
    def delete(self, request: HttpRequest, session_id: str) -> HttpResponse:
        """Move Licence: end the session and unbind its device."""
        devices.move(authentication.proven_session(request, session_id))
        return nothing()


class KeySetView(DocumentView):
    """The public keys that verify leases."""

    @schema.key_set
    def get(self, request: HttpRequest) -> HttpResponse:
        """The JSON Web Key Set; a key is published here before it signs anything."""
        return answer(leases.public_keys(), cache="public, max-age=300")
