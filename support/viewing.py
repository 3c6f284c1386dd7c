"""The pages on which staff begin and end to see an account as its owner does."""

from __future__ import annotations

from functools import partial

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from licensing.models import Account
from portal.acts import ReasonForm
from portal.models.visits import VisitOver
from portal.sent.forms import once
from portal.sign_in import visits, ways_in
from portal.sign_in.standing import person, visit_of
from portal.views import visiting
from portal.views.access import require_safe_or_post
from portal.views.acts import Act
from support.acts.why import own_words_field, ticket_field
from support.console import shell

KINDS = (
    "The customer asked",
    "A request of theirs is open",
    "A fault is looked into",
    "Routine",
)
LASTS = int(visits.LASTS.total_seconds() // 60)
EFFECTS = (
    f"For {LASTS} minutes this browser shows the account's portal as its owner sees it.",
    "You can read and change nothing. Whole keys, tokens, secrets, exports and files stay closed.",
    "The account's owners get a mail at once, with your name and reason. Beginning and end stand "
    "in their audit record.",
)


class ViewAsForm(ReasonForm):
    """Why somebody wants to see the account, in a word and in their own."""

    kind = forms.ChoiceField(
        label="Reason",
        choices=[(words, words) for words in KINDS],
        widget=forms.RadioSelect,
        initial=KINDS[0],
    )
    reason = own_words_field("The customer reads it.")
    ticket = ticket_field(help_text="Its number, if there is one. The customer reads it.")
    field_order = ["kind", "reason", "ticket"]

    @property
    def told(self) -> dict[str, str]:
        """What the record is to say."""
        asked = self.cleaned_data
        return {"reason": f"{asked['kind']}. {asked['reason']}", "ticket": asked["ticket"]}


@require_safe_or_post
def view_as(request: HttpRequest, account_id: int) -> HttpResponse:
    """Ask why, and begin to see the account as its owner does."""
    require_right(request, visits.RIGHT)
    account = get_object_or_404(Account, pk=account_id)
    act = Act(
        title=f"View {account} as its owner sees it?",
        effects=EFFECTS,
        of=[account.pk],
        button="View as the customer",
        back=visiting.way_back(account),
        refused=why_not(request, account),
    )
    form = ViewAsForm(request.POST or None, initial={"ticket": request.GET.get("ticket", "")})
    do = partial(begin, request, account)
    return shell.carry_out(request, act, form, do)


def require_right(request: HttpRequest, right: str) -> None:
    """Let only staff through who have the right; to others the desk does not exist."""
    if not request.user.is_staff:
        raise Http404
    if not request.user.has_perm(right):
        raise PermissionDenied


def why_not(request: HttpRequest, account: Account) -> str:
    """Why no view of the account can begin in this browser now, or ""."""
    if account.closed_at:
        return f"{account} is closed: nobody sees it as its owner any more."
    if visit := visit_of(request):
        return f"You are viewing {visit.account}. End that first."
    if not ways_in.has_own(request.session):
        return "You came in through a customer's sign-in service. Sign in by your own way first."
    return ""


@once
def begin(request: HttpRequest, account: Account, form: ViewAsForm) -> HttpResponse:
    """To the account's home, as its owner sees it."""
    visits.begin(request, account, **form.told)
    return redirect("portal:home")


@require_POST
def end_view(request: HttpRequest) -> HttpResponse:
    """End the view of this browser, and go back to the account's page."""
    visit = visit_of(request)
    if visit is None and not request.user.is_staff:
        raise Http404
    if visit is None:
        return redirect("support:find")
    visits.end(visit, VisitOver.ENDED, by=person(request).as_actor)
    visits.leave(request)
    messages.success(request, f"Your view of {visit.account} is over.")
    return redirect(visiting.way_back(visit.account))
