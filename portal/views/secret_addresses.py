"""Secret addresses as pages: read without signing in, made, shown once, and removed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import NamedTuple

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.mail import mails
from portal.models import SecretAddress
from portal.sent.forms import Again, back_to
from portal.sign_in import secret_addresses
from portal.sign_in.secret_addresses import Reader
from portal.views.access import AccountRequest
from portal.views.acts import Act, carry_out


class Readable(NamedTuple):
    """What is read at a kind of address, and as what."""

    kind: SecretAddress.Kind
    written: Callable[[Reader], bytes]
    content_type: str
    filename: str


def read(request: HttpRequest, code: str, what: Readable) -> HttpResponse:
    """It as its person may see it now, in their language; 304 while nothing changed, else 404."""
    reader = secret_addresses.find(code, what.kind)
    if reader is None:
        raise Http404
    with mails.read_by(reader.membership.user.email, reader.membership.account):
        text = what.written(reader)
    return told(request, text, what.content_type, what.filename)


def told(request: HttpRequest, text: bytes, content_type: str, filename: str) -> HttpResponse:
    """What is read at an address; 304 while it has not changed."""
    etag = quote_etag(hashlib.sha256(text).hexdigest()[:32])
    headers = {
        "ETag": etag,
        "Cache-Control": "private, no-cache",
        "Content-Disposition": f'inline; filename="{filename}"',
    }
    answer = HttpResponse(text, content_type=content_type, headers=headers)
    return get_conditional_response(request, etag=etag, response=answer) or answer


def made_before(page: str) -> Again:
    """To a page, when the form that made an address comes again: the address is in no record."""
    text = gettext_lazy(
        "This address was made already, and we can't show it again. "
        "If you didn't copy it, change it."
    )
    return back_to(page, text)


def has_one(request: AccountRequest, what: Readable) -> bool:
    """Whether making an address takes one from the person."""
    return secret_addresses.of(request.membership, what.kind) is not None


def make(request: AccountRequest, act: Act, what: Readable, read_at: str) -> HttpResponse:
    """Make an address and show it, in this answer and never again."""

    def do(_form: forms.Form) -> HttpResponse:
        code = secret_addresses.make(request.membership, what.kind)
        address = settings.BASE_URL + reverse(read_at, args=[code])
        context = {"address": address, "kind": what.kind, "back": act.back}
        return render(request, "portal/_secret_address.html", context)

    return carry_out(request, act, forms.Form(request.POST), do)


def remove(request: AccountRequest, act: Act, what: Readable) -> HttpResponse:
    """Let nobody read there any more."""

    def do(_form: forms.Form) -> str:
        removed = secret_addresses.remove(request.membership, what.kind)
        return _("The address is removed.") if removed else _("There was none.")

    return carry_out(request, act, forms.Form(request.POST), do)
