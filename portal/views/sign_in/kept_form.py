"""What somebody sent after their sign-in had ended, to be sent now that they are back."""

from __future__ import annotations

import re

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from licensing.models import Account
from portal.models import KeptForm
from portal.sent import kept_forms, page_marks
from portal.sign_in import ways_in
from portal.sign_in.standing import SignedInRequest
from portal.views import stale_pages

CHOSEN = re.compile(r"[\w.:/+-]*", re.ASCII)
"""What a value looks like that was chosen, or is one word: the form itself tells what it means."""


@require_safe
def kept_form(request: SignedInRequest) -> HttpResponse:
    """The form, which one press sends; to nobody but the person who filled it in."""
    kept = kept_forms.of(request, request.user.pk)
    if kept is None:
        messages.info(request, _("Nothing that you typed is kept here any more."))
        return redirect("portal:home")
    kept_forms.note_shown(kept)
    account = other_account(request, kept)
    context = {
        "kept": kept,
        "belongs_to": account,
        "is_closed": account is None and not is_of_this_account(request, kept),
        "address": stale_pages.address_in(account, kept.address),
        "words": [value for _name, value in kept.fields if not CHOSEN.fullmatch(value)],
    }
    return render(request, "portal/sign_in/kept_form.html", context)


def is_of_this_account(request: SignedInRequest, kept: KeptForm) -> bool:
    """Whether the form's page was of the account that the person looks at now."""
    page = page_marks.of_page(request)
    return page is not None and kept.account in (page.account, page_marks.NO_ACCOUNT)


def other_account(request: SignedInRequest, kept: KeptForm) -> Account | None:
    """The other account of the person that the form's page was of."""
    if is_of_this_account(request, kept):
        return None
    return ways_in.accounts(request).filter(pk=kept.account).first()
