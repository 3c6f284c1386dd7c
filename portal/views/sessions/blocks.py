"""Releasing a session and blocking its user or machine, in one step."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
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
from licensing.models import ClientSession
from licensing.names import on_one_line
from licensing.rules import NewRule
from licensing.usernames import as_person
from portal.licences.caught import caught, missed, told_of_blocks
from portal.models import Role
from portal.sent.forms import once
from portal.sessions import releases
from portal.views.access import AccountRequest, require_safe_or_post, role_required
from portal.views.acts import Act, carry_out, choice_with_note
from portal.views.redirects import came_from, next_address, with_next
from portal.views.scopes import (
    THIS_LICENCE,
    WHOLE_ACCOUNT,
    ScopeForm,
    as_choices,
    effects_of_blocking,
    other_names,
)
from portal.words.names import user_on_machine


class BlockSessionForm(ScopeForm):
    """Whom of a session to block, and whether its seat is released."""

    whom = forms.ChoiceField(
        label=gettext_lazy("Whom to block"), widget=forms.RadioSelect, initial="user"
    )
    others = other_names()
    release = forms.BooleanField(
        required=False,
        initial=True,
        help_text=gettext_lazy("Other seats of theirs come back at their next contact."),
    )
    field_order = ["whom", "others", "everybody", "scope", "until", "release", "reason"]

    def __init__(self, session: ClientSession, *args: Any, **kwargs: Any) -> None:
        super().__init__(session.licence, *args, **kwargs)
        self.session = session
        whose = {"session": user_on_machine(session), "licence": session.licence}
        self.fields["release"].label = _("Release one seat now: %(session)s, %(licence)s") % whose
        if session.ended_at:
            del self.fields["release"]
        self.fields["whom"].choices = list(whom_to_choose(session))  # type: ignore[attr-defined]
        self.offer_others()

    def offer_others(self) -> None:
        """Offer what else programs call the user; their own names are ticked."""
        account = self.licence.account
        if not (names := missed(account, rules.named(self.session.username))):
            del self.fields["others"]
            return
        field = self.fields["others"]
        field.choices = as_choices(account, names)  # type: ignore[attr-defined]
        person = as_person(self.session.username)
        field.initial = [name.username for name in names if as_person(name.username) == person]

    @property
    def all_wanted(self) -> list[NewRule]:
        """The rule that was asked for, and the same for the other names that were ticked."""
        whom = self.cleaned_data["whom"]
        machine = rules.named(self.session.machine_name) if whom in ("machine", "both") else ""
        if whom == "machine":
            return [self.rule_about("", machine)]
        names = [self.session.username, *self.cleaned_data.get("others", [])]
        return [self.rule_about(rules.named(name), machine) for name in names]


def whom_to_choose(session: ClientSession) -> Iterator[tuple[str, str]]:
    """Whom of a session one may block, each with which of today's sessions are theirs."""
    user, machine = rules.named(session.username), rules.named(session.machine_name)
    both = NewRule(username=user, machine_name=machine)
    for whom, name, note, rule in (
        ("user", user, _("This user, on any machine."), NewRule(username=user)),
        ("machine", machine, _("This machine, whoever uses it."), NewRule(machine_name=machine)),
        ("both", user_on_machine(session), _("This user, on this machine only."), both),
    ):
        found = caught(session.licence.account, rule)
        yield whom, choice_with_note(on_one_line(name), f"{note} {found}")


@require_safe_or_post
@role_required(Role.MANAGER)
@once
def block_session(request: AccountRequest, session_id: uuid.UUID) -> HttpResponse:
    """Release a session and keep its user or machine from taking a seat again."""
    of_account = ClientSession.every.filter(account=request.account)
    session = get_object_or_404(of_account.select_related("licence__account"), pk=session_id)
    session_url = reverse("portal:session", args=[session.pk])
    act = Act(
        title=_("Block a user or a machine") if session.ended_at else _("Release and block"),
        effects=effects_of_blocking(),
        button=_("Block") if session.ended_at else _("Release and block"),
        back=with_next(session_url, came_from(request)),
    )

    def do(form: BlockSessionForm) -> HttpResponse:
        messages.success(request, block(request, session, form))
        return redirect(next_address(request, session_url))

    form = BlockSessionForm(session, request.POST or None, initial=preset(request))
    return carry_out(request, act, form, do)


def preset(request: AccountRequest) -> dict[str, str]:
    """Whom and where, as the page chose it from which one came."""
    may_be = {"whom": ("user", "machine", "both"), "scope": (THIS_LICENCE, WHOLE_ACCOUNT)}
    asked = {name: request.GET.get(name) for name in may_be}
    return {name: value for name, value in asked.items() if value in may_be[name]}


def block(request: AccountRequest, session: ClientSession, form: BlockSessionForm) -> str:
    """Block, release if that is wanted, and return what became of both."""
    who = {"by": request.user.as_actor, "reason": form.cleaned_data["reason"]}
    text = " ".join(told_of_blocks(request.account, form.all_wanted))
    if not form.cleaned_data.get("release"):
        rules.add_all(request.account, form.all_wanted, **who)
    elif release_and_block(session, form.all_wanted, **who):
        text += " " + releases.seats_in_use(session)
    else:
        text += " " + releases.already_over(session)
    return text
