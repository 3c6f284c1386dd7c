"""Releasing many sessions: a page that says what it does, then the act."""

from __future__ import annotations

from functools import partial

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from licensing.models import ClientSession
from portal.lists import ticked
from portal.models import Role
from portal.sessions import bulk_releases
from portal.sessions.active import SessionList
from portal.views import bulk_acts
from portal.views.access import AccountRequest, role_required
from portal.views.acts import Act, carry_out
from portal.views.bulk_acts import BulkForm, bulk_form, nothing_chosen, too_many
from portal.views.redirects import came_from
from portal.words.aliases import names_for


class BulkReleaseForm(BulkForm):
    """Why, and how many sessions."""

    count_label = gettext_lazy("How many sessions are released")
    miscounted = gettext_lazy("It is %(n)s sessions.")


@require_POST
@role_required(Role.MANAGER)
def release_sessions(request: AccountRequest) -> HttpResponse:
    """Ask what is to be released, then release it."""
    chosen = chosen_by(request)
    back = came_from(request) or reverse("portal:sessions", query=request.GET or None)
    if not chosen:
        text = _("Nothing was released: no session was chosen, or all had ended.")
        return nothing_chosen(request, back, text)
    ids = [one.pk for one in chosen]
    form = bulk_form(partial(BulkReleaseForm, len(chosen)), request, ids)
    act = Act(
        title=bulk_releases.title(len(chosen)),
        named=bulk_releases.named(chosen),
        effects=bulk_releases.effects(chosen),
        button=_("Release them"),
        back=back,
        refused=too_many(
            len(chosen), _("At most %(n)s sessions are released at once. Narrow the list first.")
        ),
        of=ids,
    )

    def do(form: BulkReleaseForm) -> str:
        reason = form.cleaned_data["reason"]
        done = bulk_releases.release(chosen, by=request.user.as_actor, reason=reason)
        return bulk_releases.told(*done)

    return carry_out(request, act, form, do)


def chosen_by(request: AccountRequest) -> list[ClientSession]:
    """The sessions that were ticked, or all that match the view, while they hold a seat."""
    if not ticked.is_any(request):
        return []
    listed = SessionList(request.account, ticked.asked(request), names_for(request.membership))
    if listed.shows_ended:
        return []
    return list(listed.rows.order_by("pk")[: bulk_acts.MOST_AT_ONCE + 1])
