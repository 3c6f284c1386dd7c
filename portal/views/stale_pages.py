"""The answer to what a page sends that is not the session's any more: nothing is done or lost.

The page of the answer says whose the first one was and holds what was typed, so that one
press sends it again, to where it belongs. It is only given once the request proved to come
from a page of ours (``kept_forms.is_sent_from_here``): else another site could have people send
its words.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from licensing.models import Account
from portal.sent import kept_forms, page_marks
from portal.sign_in import ways_in
from portal.views.redirects import page_of


def refuse(request: HttpRequest) -> HttpResponse:
    """409: the page is another account's or person's, or nobody can tell whose it is."""
    belongs_to = owner_of(request)
    context = {"belongs_to": belongs_to, "whose": whose(request, belongs_to)}
    if page_marks.is_fragment(request):
        context["came_from"] = page_of(request)
        return render(request, "portal/stale_page.html#toast", context, status=409)
    context |= form_again(request, address_in(belongs_to, request.get_full_path()))
    return render(request, "portal/stale_page.html", context, status=409)


def address_in(account: Account | None, address: str) -> str:
    """Where a form goes that is sent again: by a switch to the account, if there is one."""
    if account is None:
        return address
    return reverse("portal:switch_and_send", args=[account.pk], query={"next": address})


def owner_of(request: HttpRequest) -> Account | None:
    """The other account of this person that the page belongs to."""
    mark = page_marks.sent_with(request)
    if mark is None or mark.person != request.user.pk:
        return None
    return ways_in.accounts(request).filter(pk=mark.account).first()


def whose(request: HttpRequest, belongs_to: Account | None) -> str:
    """Whose the page is, in a word for the template."""
    mark = page_marks.sent_with(request)
    if mark is None:
        return "unknown"
    if mark.person != request.user.pk:
        return "person"
    return "account" if belongs_to else "closed"


def out_of_date(request: HttpRequest) -> HttpResponse:
    """403: the person signed in anew in another tab since the page was opened."""
    mark = page_marks.sent_with(request)
    if mark and mark.page != page_marks.of_page(request):
        return refuse(request)
    context = {"whose": "out_of_date"} | form_again(request, request.get_full_path())
    return render(request, "portal/stale_page.html", context, status=403)


def form_again(request: HttpRequest, address: str) -> dict[str, Any]:
    """What was typed and chosen, and the form's own mark, to be sent to the address."""
    typed = kept_forms.typed_in(request)
    return {"address": address, "kept": typed.fields, "has_secrets": typed.has_secrets}
