"""Search: whatever the account has, from the bar of every page."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from licensing import keys
from portal import search as found
from portal.lists.search_tokens import parse
from portal.models import Role
from portal.sign_in import ways_in
from portal.views.access import AccountRequest, role_required
from portal.words.aliases import names_for


@require_safe
@role_required(Role.VIEWER)
def search(request: AccountRequest) -> HttpResponse:
    """A few of each kind that match; an exact serial number or session id opens its page.

    A product key is neither looked for nor shown again: browsers refuse to send one, and
    one that came all the same is led out of the address.
    """
    text = request.GET.get("q", "")
    if keys.holds_product_key(text):
        messages.warning(
            request, _("That looks like a product key. Search by serial number instead.")
        )
        return redirect("portal:search")
    asked = parse(text)
    if address := found.exact(ways_in.accounts(request), asked.text):
        return redirect(address)
    context = {
        "search": asked,
        "searched": asked.text,
        "groups": found.groups(request.membership, asked),
        "are_aliases": names_for(request.membership).are_aliases,
        "may_see_people": request.membership.allows(Role.OWNER),
    }
    return render(request, "portal/search/search.html", context)
