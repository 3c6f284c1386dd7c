"""Releasing a session and blocking its user or machine, in one step."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from licensing import rules
from licensing.blocking import release_and_block
from licensing.known_names import namesakes
from licensing.models import ClientSession
from licensing.rules import NewRule
from portal.licences.access_rules import blocked
from portal.models import Role
from portal.sent.forms import once
from portal.sessions import releases
from portal.views.access import AccountRequest, require_safe_or_post, role_required
from portal.views.acts import Act, carry_out, choice_with_note
from portal.views.redirects import came_from, next_address, with_next
from portal.views.scopes import ScopeForm
from portal.words.names import user_on_machine


class BlockSessionForm(ScopeForm):
    """Whom of a session to block, and whether its seat is released."""

    whom = forms.ChoiceField(
        label=gettext_lazy("Whom to block"), widget=forms.RadioSelect, initial="user"
    )
    release = forms.BooleanField(
        label=gettext_lazy("Release the seat now"), required=False, initial=True
    )
    field_order = ["whom", "scope", "until", "release", "reason"]

    def __init__(self, session: ClientSession, *args: Any, **kwargs: Any) -> None:
        super().__init__(session.licence, *args, **kwargs)
        self.session = session
        if session.ended_at:
            del self.fields["release"]
        user, machine, both = session.username, session.machine_name, user_on_machine(session)
        self.names = others_of(session)
        all_names = ", ".join([user, *self.names])
        self.fields["whom"].choices = [  # type: ignore[attr-defined]
            ("user", choice_with_note(user, _("This user, on any machine."))),
            *(
                [("names", choice_with_note(all_names, _("This user under all of these names.")))]
                if self.names
                else []
            ),
            ("machine", choice_with_note(machine, _("This machine, whoever uses it."))),
            ("both", choice_with_note(both, _("This user, on this machine only."))),
        ]

    @property
    def wanted(self) -> list[NewRule]:
        """The rule that was asked for; one for each name, if all are meant."""
        whom = self.cleaned_data["whom"]
        if whom == "names":
            return [self.rule_about(name, "") for name in (self.session.username, *self.names)]
        user = self.session.username if whom in ("user", "both") else ""
        machine = self.session.machine_name if whom in ("machine", "both") else ""
        return [self.rule_about(user, machine)]


def others_of(session: ClientSession) -> list[str]:
    """The other names of the session's user that go together with this one."""
    found = namesakes(session.licence.account, session.username)
    return [name.username for name in found.theirs if name.person != session.person]


@require_safe_or_post
@role_required(Role.MANAGER)
@once
def block_session(request: AccountRequest, session_id: uuid.UUID) -> HttpResponse:
    """Release a session and keep its user or machine from taking a seat again."""
    of_account = ClientSession.every.filter(account=request.account)
    session = get_object_or_404(of_account.select_related("licence__account"), pk=session_id)
    session_url = reverse("portal:session", args=[session.pk])
    act = Act(
        title=_("Release and block"),
        effects=[
            _("Whom you block can't take a seat from now on."),
            _("A program that is open stays open; it does not start again."),
            _("You can lift the block again on the licence's page, under Access rules."),
        ],
        button=_("Block") if session.ended_at else _("Release and block"),
        back=with_next(session_url, came_from(request)),
    )

    def do(form: BlockSessionForm) -> HttpResponse:
        messages.success(request, block(request, session, form))
        return redirect(next_address(request, session_url))

    return carry_out(request, act, BlockSessionForm(session, request.POST or None), do)


def block(request: AccountRequest, session: ClientSession, form: BlockSessionForm) -> str:
    """Block, release if that is wanted, and return what became of both."""
    who = {"by": request.user.as_actor, "reason": form.cleaned_data["reason"]}
    text = " ".join(map(blocked, form.wanted))
    if not form.cleaned_data.get("release"):
        rules.add_all(request.account, form.wanted, **who)
    elif release_and_block(session, form.wanted, **who):
        text += " " + releases.seats_in_use(session)
    else:
        text += " " + releases.already_over(session)
    return text
