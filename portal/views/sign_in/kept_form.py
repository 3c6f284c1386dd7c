"""What somebody sent after their sign-in had ended, to be sent now that they are back."""

from __future__ import annotations

from typing import Any

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
from portal.views.sign_in import kept_words


@require_safe
def kept_form(request: SignedInRequest) -> HttpResponse:
    """The forms, each of which one press sends; to nobody but the person who filled them in."""
    kept = kept_forms.of(request, request.user.pk)
    if not kept:
        messages.info(request, _("Nothing that you typed is kept here any more."))
        return redirect("portal:home")
    kept_forms.note_shown(kept)
    shown = [shown_form(request, form) for form in kept]
    return render(request, "portal/sign_in/kept_form.html", {"forms": shown})


def shown_form(request: SignedInRequest, kept: KeptForm) -> dict[str, Any]:
    """What the page says of a form, and where it goes."""
    account = other_account(request, kept)
    is_closed = account is None and not is_of_this_account(request, kept)
    return {
        "kept": kept,
        "belongs_to": account,
        "is_closed": is_closed,
        "address": stale_pages.address_in(account, kept.address),
        "title": kept_words.title_of(kept),
        "licence": "" if is_closed else kept_words.licence_of(kept),
        "words": kept_words.typed(kept),
    }


def is_of_this_account(request: SignedInRequest, kept: KeptForm) -> bool:
    """Whether the form's page was of the account that the person looks at now."""
    page = page_marks.of_page(request)
    return page is not None and kept.account in (page.account, page_marks.NO_ACCOUNT)


def other_account(request: SignedInRequest, kept: KeptForm) -> Account | None:
    """The other account of the person that the form's page was of."""
    if is_of_this_account(request, kept):
        return None
    return ways_in.accounts(request).filter(pk=kept.account).first()
