"""Doing what a form asks for once, however often it is sent.

A double click, a second tap on a slow line, a proxy that tries again and the browser's way back
all send one form twice. Each form has an id of its own (``page_marks``); what did something is
kept in the transaction that did it, with its answer, and the same form with the same words is
answered so again. Two at the same moment: the second waits for the first.
"""

from __future__ import annotations

import datetime as dt
import functools
import hashlib
import json
from collections.abc import Callable
from typing import Any, Concatenate

from django.contrib import messages
from django.contrib.messages.storage.cookie import MessageDecoder, MessageEncoder
from django.db import transaction
from django.db.models.functions import Now
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise

from licensing.history import delete_in_batches
from portal.models import SentForm
from portal.sent import page_marks

KEEP = dt.timedelta(days=1)
CSRF_FIELD = "csrfmiddlewaretoken"

type View[**Rest] = Callable[Concatenate[Any, Rest], HttpResponse]
type Again = Callable[[SentForm, Any], HttpResponse]


def once[**Rest](view: View[Rest]) -> View[Rest]:
    """Have a view, or the part of one that acts, do what a form asks for a single time.

    It counts as done when the answer leads on to a page. The same form is then answered alike.
    """
    return once_or(answer_again)(view)


def once_or[**Rest](again: Again) -> Callable[[View[Rest]], View[Rest]]:
    """The same for a view whose answer is a page that is shown once: ``again`` is given then."""
    return functools.partial(guard, again=again)


def back_to(page: str, text: str | Promise) -> Again:
    """Lead to a page and say so: what was shown once stands in no record."""

    def again(_sent: SentForm, request: HttpRequest) -> HttpResponse:
        messages.warning(request, str(text))
        return redirect(page)

    return again


def guard[**Rest](view: View[Rest], *, again: Again) -> View[Rest]:
    """The view, passed by for a form that did something already."""

    @functools.wraps(view)
    def guarded(request: Any, /, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponse:
        fingerprint = fingerprint_of(request)
        if not fingerprint:
            return view(request, *args, **kwargs)
        with transaction.atomic():
            sent, is_first = SentForm.objects.get_or_create(fingerprint=fingerprint)
            if is_first:
                return done(sent, request, view(request, *args, **kwargs), again)
        return again(sent, request)

    guarded.does_once = True  # type: ignore[attr-defined]
    return guarded


def fingerprint_of(request: HttpRequest) -> str:
    """By what a form is recognised: who sent it from which page, and all its words.

    Nothing for what is no form of a page: it has no id of its own.
    """
    mark = page_marks.sent_with(request) if request.method == "POST" else None
    if mark is None or not mark.form:
        return ""
    words = sorted((name, values) for name, values in request.POST.lists() if name != CSRF_FIELD)
    facts = [request.get_full_path(), request.user.pk, words]
    return hashlib.sha256(json.dumps(facts).encode()).hexdigest()


def done(
    sent: SentForm, request: HttpRequest, response: HttpResponse, again: Again
) -> HttpResponse:
    """The answer, kept for the next time; a form that only asked or had errors may come again."""
    leads_on = 300 <= response.status_code < 400
    if response.status_code >= 400 or (not leads_on and again is answer_again):
        sent.delete()
        return response
    sent.address = response.headers.get("Location", "")
    sent.messages = json.loads(json.dumps(storage(request)._queued_messages, cls=MessageEncoder))
    sent.save(update_fields=["address", "messages"])
    return response


def answer_again(sent: SentForm, request: HttpRequest) -> HttpResponse:
    """What the form was answered the first time."""
    for message in json.loads(json.dumps(sent.messages), cls=MessageDecoder):
        if message not in storage(request)._loaded_messages:
            messages.add_message(request, message.level, message.message, message.extra_tags)
    return redirect(sent.address)


def storage(request: HttpRequest) -> Any:
    """The messages for the next page, which are used up by whoever reads them as usual."""
    return messages.get_messages(request)


def forget() -> int:
    """Delete what is older than a day; return how many."""
    return delete_in_batches(SentForm.objects.filter(sent_at__lt=Now() - KEEP))
