"""Somebody leaves: one page that takes everything from them, and a record to keep."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import partial

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe

from licensing.known_names import KnownName
from licensing.models import AuditEntry
from licensing.names import one_line
from licensing.usernames import names_nobody
from portal.acts import ReasonForm
from portal.models import Role
from portal.people import leavers, members
from portal.people.addresses import AddressField
from portal.people.leaver_effects import effects_of_leaving, why_leaver_stays
from portal.people.leavers import Leaver, Part
from portal.sent.forms import once
from portal.views.access import AccountRequest, require_safe_or_post, role_required
from portal.views.acts import Act, carry_out, choice_with_note
from portal.views.confirmations import confirmation_required


class WhoForm(forms.Form):
    """Who leaves."""

    username = forms.CharField(
        validators=[one_line],
        label=gettext_lazy("User name on their PC"),
        required=False,
        max_length=255,
        help_text=gettext_lazy(
            "Such as jsmith, or ACME\\jsmith for one domain only. Other names that programs know "
            "are offered."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    email = AddressField(
        label=gettext_lazy("E-mail address"),
        required=False,
        help_text=gettext_lazy("With which they sign in here."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def clean_username(self) -> str:
        """One person's name; a pattern could be anybody's."""
        username: str = self.cleaned_data["username"].strip()
        if "*" in username:
            raise forms.ValidationError(_("Name one person, without *."))
        if names_nobody(username):
            raise forms.ValidationError(_("That is a domain: add the user, as in ACME\\jsmith."))
        return username

    def clean(self) -> dict[str, str]:
        """Both; one of them at least."""
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and not (cleaned["username"] or cleaned["email"]):
            raise forms.ValidationError(_("Give a user name or an e-mail address."))
        return cleaned


class LeaverForm(ReasonForm):
    """What to take away, and why."""

    parts = forms.MultipleChoiceField(
        label=gettext_lazy("What to take away"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one.")},
    )
    names = forms.MultipleChoiceField(
        label=gettext_lazy("Which names are theirs"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=gettext_lazy("Nothing is taken from a name that is not ticked."),
    )
    field_order = ["names", "parts", "reason"]

    def __init__(self, leaver: Leaver, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        parts = leaver.parts()
        self.fields["parts"].choices = [(part.value, part.label) for part in parts]  # type: ignore[attr-defined]
        self.fields["parts"].initial = [part.value for part in parts]
        self.fields["names"].choices = name_choices(leaver)  # type: ignore[attr-defined]
        self.fields["names"].initial = list(leaver.certain)
        if not needs_choice(leaver):
            del self.fields["names"]


def needs_choice(leaver: Leaver) -> bool:
    """Whether there are names of which somebody has to say whose they are."""
    return len(leaver.offered) > 1 or len(leaver.offered) > len(leaver.certain)


def name_choices(leaver: Leaver) -> list[tuple[str, str]]:
    """The names that programs know, each with what there is of it."""
    return [
        (person, choice_with_note(name.username, what_there_is(leaver, name)))
        for person, name in leaver.offered.items()
    ]


def what_there_is(leaver: Leaver, name: KnownName) -> str:
    """How many sessions and devices a name has, and whether it may be somebody else's."""
    sessions = ngettext("%(n)s open session", "%(n)s open sessions", name.open)
    devices = ngettext("%(n)s bound device", "%(n)s bound devices", len(name.devices))
    told = [sessions % {"n": name.open}, devices % {"n": len(name.devices)}]
    if name.person not in leaver.certain:
        told.insert(0, _("may be somebody else"))
    return " · ".join(told)


@require_safe
@role_required(Role.MANAGER)
def ask_who_leaves(request: AccountRequest) -> HttpResponse:
    """Ask who leaves; the answer is in the address of the next page."""
    form = WhoForm(request.GET or None)
    if form.is_valid():
        return redirect(f"{reverse('portal:remove_leaver')}?{request.GET.urlencode()}")
    status = 422 if request.GET else 200
    context = {"form": form, "may_see_people": request.membership.allows(Role.OWNER)}
    return render(request, "portal/people/leaver.html", context, status=status)


@require_safe_or_post
@role_required(Role.MANAGER)
@confirmation_required
@once
def remove_leaver(request: AccountRequest) -> HttpResponse:
    """Say what the account knows of the person, and take what is ticked away."""
    asked = WhoForm(request.GET)
    if not asked.is_valid():
        return redirect("portal:leaver")
    leaver = asked_for(request, asked)
    sentences = [*effects_of_leaving(leaver), *whom_to_ask_besides(request)]
    act = Act(
        title=_("Take everything from %s?") % leaver,
        effects=sentences,
        button=_("Remove everything"),
        back=reverse("portal:leaver"),
        refused=why_leaver_stays(leaver),
        of=leaver.rows(),
    )
    has_form = leaver.parts() or leaver.offered
    form = LeaverForm(leaver, request.POST or None) if has_form else None
    return carry_out(request, act, form, partial(take_away, request, leaver))


def asked_for(request: AccountRequest, asked: WhoForm) -> Leaver:
    """Who leaves, with the names that were ticked; only owners take portal access."""
    leaver = Leaver(
        request.account,
        **asked.cleaned_data,
        with_portal=request.membership.allows(Role.OWNER),
    )
    if request.method == "POST" and needs_choice(leaver):
        return replace(leaver, chosen=tuple(request.POST.getlist("names")))
    return leaver


def whom_to_ask_besides(request: AccountRequest) -> list[str]:
    """For managers: who takes portal access."""
    if request.membership.allows(Role.OWNER):
        return []
    names = members.whom_to_ask(request.account, Role.OWNER)
    return [_("Portal access is for owners to take. Ask %(names)s.") % {"names": names}]


def take_away(request: AccountRequest, leaver: Leaver, form: LeaverForm) -> HttpResponse:
    """Take it away, and go to the record of it."""
    parts = [Part(part) for part in form.cleaned_data["parts"]]
    reason = form.cleaned_data["reason"]
    entry = leavers.remove(leaver, parts, by=request.user.as_actor, reason=reason)
    return redirect("portal:leaver_record", entry.number)


@require_safe
@role_required(Role.MANAGER)
def leaver_record(request: AccountRequest, number: int) -> HttpResponse:
    """What was done."""
    entry = entry_or_404(request, number)
    details = entry.details
    parts = [(part.label, details[part.value]) for part in Part if details[part.value]]
    context = {
        "entry": entry,
        "leaver": details["username"] or details["email"],
        "may_see_people": request.membership.allows(Role.OWNER),
        "parts": parts,
        "left": [part.label for part in Part if part.value in details.get("left", [])],
    }
    return render(request, "portal/people/leaver_record.html", context)


@require_safe
@role_required(Role.MANAGER)
def download_leaver_record(request: AccountRequest, number: int) -> HttpResponse:
    """The record as a file."""
    document = leavers.record_of(entry_or_404(request, number))
    text = json.dumps(document, ensure_ascii=False, indent=2) + "\n"
    response = HttpResponse(text, content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="leaver-{number}.json"'
    return response


def entry_or_404(request: AccountRequest, number: int) -> AuditEntry:
    """The account's record of somebody who left."""
    entries = request.account.audit_entries.select_related("account")
    return get_object_or_404(entries, action=leavers.ACTION, number=number)
