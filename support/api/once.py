"""Doing what a request asks for once, however often it is sent: the ``Idempotency-Key``.

As draft-ietf-httpapi-idempotency-key-header has it. What did something is kept for a day, in the
transaction that did it, with its answer; the same request with the same key is answered so again.
What was refused did nothing: its key is free, and the same request is judged anew.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Callable

import msgspec
from django.db import connection, transaction
from django.db.models.functions import Now
from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise

from licensing.api import problems
from licensing.api.documents import Request
from licensing.api.parsers import JSON
from licensing.history import delete_in_batches
from support.models import AnsweredRequest, StaffToken

KEEP = dt.timedelta(days=1)
LONGEST_KEY = 255
KEY = rf"^(\"?)[!#-\[\]-~]{{1,{LONGEST_KEY}}}\1$(?!\n)"
"""A string of RFC 9651, or its characters alone."""
CLAIM = "SELECT pg_try_advisory_xact_lock(%s)"
KEPT_HEADERS = ("ETag", "Location", "Cache-Control")


def once(
    request: HttpRequest, token: StaffToken, asked: Request, do: Callable[[], HttpResponse]
) -> HttpResponse:
    """The answer of ``do``, or the one that it gave when the same was asked with this key before.

    Raise what ``key_of`` does, IdempotencyKeyReused when something else was asked with it, and
    IdempotencyKeyInUse while another request with it is being done.
    """
    key, fingerprint = key_of(request), fingerprint_of(request, asked)
    with transaction.atomic():
        if not claim(token, key):
            raise problems.IdempotencyKeyInUse
        known = AnsweredRequest.objects.filter(token=token, key=key)
        known.filter(answered_at__lt=Now() - KEEP).delete()
        if answered := known.first():
            return again(answered, fingerprint)
        response = do()
        keep(response, token=token, key=key, fingerprint=fingerprint)
    return response


def key_of(request: HttpRequest) -> str:
    """The request's key, without its quotes.

    Raise IdempotencyKeyMissing, and IdempotencyKeyInvalid, which says what is wrong with it.
    """
    sent = request.headers.get("Idempotency-Key")
    if sent is None:
        raise problems.IdempotencyKeyMissing
    if not re.match(KEY, key := sent.strip()):
        raise problems.IdempotencyKeyInvalid(fault_in(key))
    return key.strip('"')


def fault_in(sent: str) -> Promise:
    """What keeps it from being a key."""
    key = sent.removeprefix('"').removesuffix('"')
    if not key:
        return problems.IdempotencyKeyInvalid.empty
    if len(key) > LONGEST_KEY:
        return problems.IdempotencyKeyInvalid.too_long
    if " " in key:
        return problems.IdempotencyKeyInvalid.with_a_space
    return problems.IdempotencyKeyInvalid.with_no_text


def fingerprint_of(request: HttpRequest, asked: Request) -> str:
    """By what the same request is recognised, however its JSON is laid out."""
    text = f"{request.method} {request.path}\n".encode() + msgspec.json.encode(asked)
    return hashlib.sha256(text).hexdigest()


def claim(token: StaffToken, key: str) -> bool:
    """Whether nobody else is at work with this key, until this transaction ends."""
    name = hashlib.sha256(f"idempotency-key:{token.pk}:{key}".encode()).digest()[:8]
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, [int.from_bytes(name, signed=True)])
        [claimed] = cursor.fetchone()
    return bool(claimed)


def keep(response: HttpResponse, *, token: StaffToken, key: str, fingerprint: str) -> None:
    """Write the answer down."""
    AnsweredRequest.objects.create(
        token=token,
        key=key,
        fingerprint=fingerprint,
        status=response.status_code,
        body=response.text,
        headers={name: response[name] for name in KEPT_HEADERS if name in response},
    )


def again(answered: AnsweredRequest, fingerprint: str) -> HttpResponse:
    """The answer as it was."""
    if answered.fingerprint != fingerprint:
        raise problems.IdempotencyKeyReused
    return HttpResponse(
        answered.body, status=answered.status, content_type=JSON, headers=answered.headers
    )


def forget() -> int:
    """Delete what is older than a day; return how many."""
    return delete_in_batches(AnsweredRequest.objects.filter(answered_at__lt=Now() - KEEP))
