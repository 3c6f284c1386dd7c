"""Making sure that it is the person who asks, before an act that hurts in the wrong hands.

``confirmation_required`` is the one mark of such acts: who has not given a password, a
second step, a passkey or their provider's word within ten minutes is asked for it first.
A form that was sent meanwhile is kept, encrypted, and goes on where it was stopped.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode, urlsplit

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows import reauthentication
from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase, QueryDict
from django.shortcuts import redirect
from django.urls import resolve
from django.utils.translation import gettext as _

from licensing.encryption import decrypt, encrypt
from portal.models import ProviderLink
from portal.sent import ways_back
from portal.sign_in.ways_in import gave_proof, has_own, is_of_late
from portal.views.redirects import came_from, page_above, page_before, with_next

type View = Callable[..., HttpResponseBase]

BY_PROVIDER = "provider"


def confirm(request: HttpRequest, link: ProviderLink) -> None:
    """Remember that the provider has just made sure of the person again."""
    record_authentication(
        request,
        request.user,
        method=BY_PROVIDER,
        link=link.pk,
        reauthenticated=True,
    )


def is_confirmed(request: HttpRequest) -> bool:
    """Whether it was made sure, in the last ten minutes, that it is the person: by signing in or
    since.

    Who came in by a provider alone is made sure of there; who has neither a password nor a
    second step, by signing in anew with a mailed code.
    """
    records = get_authentication_records(request, request.user)
    if has_own(request.session):
        return gave_proof(request)
    link = getattr(getattr(request, "membership", None), "provider_link", None)
    return is_of_late(
        record
        for record in records
        if link and record.get("method") == BY_PROVIDER and record.get("link") == link.pk
    )


def confirmation_required(view: View) -> View:
    """Ask who opens this page to confirm that it is them, if they have not done so just now."""

    @functools.wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return view(request, *args, **kwargs) if is_confirmed(request) else ask_first(request)

    return guarded


def ask_first(request: HttpRequest) -> HttpResponseBase:
    """To where the person confirms that it is them; a form that they sent is kept meanwhile, and
    where they came from."""
    if request.method == "POST":
        request.session[reauthentication.STATE_SESSION_KEY] = {
            "state": kept(request),
            "callback": f"{__name__}.{go_on.__name__}",
        }
    ways_back.keep(request.session, request.get_full_path(), where_one_was(request))
    first, *_others = get_adapter(request).get_reauthentication_methods(request.user)
    return redirect(with_next(first["url"], request.get_full_path()))


def where_one_was(request: HttpRequest) -> str:
    """The page before this one that asks nobody who they are."""
    seen = page_before(request)
    if urlsplit(seen).path == request.path:  # the form's own page, that would ask as well
        return ways_back.kept(request.session).get(seen) or page_above(request.path)
    return seen


def kept(request: HttpRequest) -> dict[str, Any]:
    """A form that was sent, to which account: encrypted, for it may hold a secret."""
    return {
        "address": request.get_full_path(),
        "account": account_id(request),
        "form": encrypt(request.POST.urlencode()).decode(),
    }


def resume(request: HttpRequest, next_url: str) -> HttpResponseBase | None:
    """What the person was about to do when they were asked to confirm; None if that is unknown.

    They come back from the provider to an address that names no page: allauth looks for it there.
    """
    request.GET = QueryDict(urlencode({"next": next_url}))
    return reauthentication.resume_request(request)


def account_id(request: HttpRequest) -> int | None:
    """The account that the request is about; none of staff, and of who has yet to open one."""
    return getattr(getattr(request, "account", None), "pk", None)


def go_on(request: HttpRequest, state: dict[str, Any]) -> HttpResponseBase:
    """Do what was asked before the person had to confirm that it is them.

    Only if they come back to just that, in the same account; what else they wanted, a page
    is opened for.
    """
    wanted = came_from(request)
    if wanted != state["address"]:
        return redirect(wanted or "portal:home")
    if account_id(request) != state["account"]:
        messages.error(request, _("You changed to another account meanwhile. Nothing was done."))
        return redirect("portal:home")
    return sent_again(request, wanted, decrypt(state["form"].encode()))


def sent_again(request: HttpRequest, address: str, form: str) -> HttpResponseBase:
    """The answer to the form, as if it were sent just now."""
    parts = urlsplit(address)
    request.method = "POST"
    request.path = request.path_info = parts.path
    request.META["QUERY_STRING"] = parts.query
    request.GET, request.POST = QueryDict(parts.query), QueryDict(form)
    request.resolver_match = found = resolve(parts.path)
    return found.func(request, *found.args, **found.kwargs)
