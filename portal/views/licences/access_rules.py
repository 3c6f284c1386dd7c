"""Access rules: blocking people and machines, and lifting it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from licensing import rules
from licensing.models import AccessRule, Licence
from licensing.models.rules import Effect
from licensing.names import one_line
from licensing.rules import NewRule
from portal.acts import ReasonForm
from portal.licences.access_rules import subject
from portal.licences.caught import caught, missed, question_about_allowing, told_of_blocks
from portal.models import Role
from portal.sent.forms import once
from portal.views.access import AccountRequest, require_safe_or_post, role_required
from portal.views.acts import Act, carry_out
from portal.views.redirects import came_from
from portal.views.scopes import (
    ScopeForm,
    as_choices,
    changed,
    effects_of_blocking,
    other_names,
)

LONGEST_NAME = 255


class WhomForm(ScopeForm):
    """Whom a rule is about: a user, a machine, or patterns of them.

    A rule that would miss names of the user is asked for twice, with these to tick.
    """

    username = forms.CharField(
        validators=[one_line],
        label=gettext_lazy("User"),
        required=False,
        max_length=LONGEST_NAME,
        help_text=gettext_lazy("As the sessions list shows it; * stands for any text: ACME\\*"),
    )
    machine_name = forms.CharField(
        validators=[one_line],
        label=gettext_lazy("Machine"),
        required=False,
        max_length=LONGEST_NAME,
        help_text=gettext_lazy("* stands for any text: CAD-*"),
    )
    others = other_names()
    offered_to = forms.CharField(widget=forms.HiddenInput, required=False)
    """The name for which the others were offered already."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer_others()

    def offer_others(self) -> None:
        """Offer what else programs call the user, if the rule would miss it."""
        username = self.data.get("username", "") if self.is_bound else ""
        account = self.licence.account
        is_name = "\0" not in username and len(username) <= LONGEST_NAME
        names = missed(account, username) if is_name else []
        if not names:
            del self.fields["others"], self.fields["offered_to"]
            return
        self.fields["others"].choices = as_choices(account, names)  # type: ignore[attr-defined]
        self.was_offered = self.data.get("offered_to") == username
        self.data = changed(self.data, offered_to=username)

    def clean(self) -> dict[str, Any]:
        """Everything; refused once when it misses names of the user."""
        cleaned = super().clean() or self.cleaned_data
        if "others" in self.fields and not self.was_offered and not self.errors:
            told = {"caught": caught(self.licence.account, self.wanted)}
            self.add_error(
                "others",
                _(
                    "%(caught)s Programs know this user by other names too, which this rule "
                    "misses. Tick those that are meant, or confirm it as it is."
                )
                % told,
            )
        return cleaned

    @property
    def wanted(self) -> NewRule:
        """The rule that was asked for."""
        return self.rule_about(self.cleaned_data["username"], self.cleaned_data["machine_name"])

    @property
    def all_wanted(self) -> list[NewRule]:
        """The rule that was asked for, and the same for the other names that were ticked."""
        others = self.cleaned_data.get("others", [])
        names = map(rules.named, others)
        return [self.wanted, *(replace(self.wanted, username=name) for name in names)]


class BlockForm(WhomForm):
    """Whom to block."""

    field_order = ["username", "others", "machine_name", "everybody", "scope", "until", "reason"]


class AllowForm(WhomForm):
    """Whom alone to allow, beside those whom other such rules name."""

    everybody = forms.BooleanField(label=gettext_lazy("Yes, leave them out"), required=False)
    field_order = BlockForm.field_order

    def question(self) -> str:
        """What to ask when most of those seen of late would get no seat any more."""
        return question_about_allowing(self.licence.account, self.all_wanted)

    @property
    def wanted(self) -> NewRule:
        """The rule that was asked for."""
        return replace(super().wanted, effect=Effect.ALLOW)


@require_safe_or_post
@role_required(Role.MANAGER)
@once
def add_rule(request: AccountRequest, licence_id: int) -> HttpResponse:
    """Block a user, a machine or a pattern of them."""
    of_account = request.account.licences.select_related("account")
    licence = get_object_or_404(of_account, pk=licence_id)
    act = Act(
        title=_("Block a user or a machine"),
        effects=effects_of_blocking(),
        button=_("Block"),
        back=address_of_rules(licence),
    )

    def do(form: BlockForm) -> str:
        make_rules(request, form.all_wanted, form)
        return " ".join(told_of_blocks(request.account, form.all_wanted))

    return carry_out(request, act, BlockForm(licence, request.POST or None), do)


@require_safe_or_post
@role_required(Role.MANAGER)
@once
def allow_only(request: AccountRequest, licence_id: int) -> HttpResponse:
    """Let only some users or machines in, and nobody else."""
    of_account = request.account.licences.select_related("account")
    licence = get_object_or_404(of_account, pk=licence_id)
    act = Act(
        title=_("Only allow some users or machines"),
        effects=[
            _("From now on only those whom an “only allow” rule names get a seat."),
            _(
                "Everybody else who has one loses it at the next contact; a program that is open "
                "stays open, and does not start again."
            ),
            _("A block still beats it."),
        ],
        button=_("Only allow them"),
        back=address_of_rules(licence),
    )

    def do(form: AllowForm) -> str:
        make_rules(request, form.all_wanted, form)
        return _("Only those whom an “only allow” rule names get in now.")

    return carry_out(request, act, AllowForm(licence, request.POST or None), do)


def make_rules(request: AccountRequest, wanted: list[NewRule], form: BlockForm | AllowForm) -> None:
    """Make the rules; raise InvalidOperation when one ends early, or bars everybody."""
    rules.add_all(
        request.account,
        wanted,
        by=request.user.as_actor,
        reason=form.cleaned_data["reason"],
        even_everybody=isinstance(form, BlockForm) and form.cleaned_data.get("everybody", False),
    )


@require_safe_or_post
@role_required(Role.MANAGER)
def lift_rule(request: AccountRequest, licence_id: int, rule_id: int) -> HttpResponse:
    """End an access rule now."""
    licence = get_object_or_404(request.account.licences, pk=licence_id)
    rule = get_object_or_404(AccessRule.objects.of_licence(licence), pk=rule_id)
    act = Act(
        title=_("Lift the rule “%s”?") % rule,
        effects=effects_of_lifting(rule, licence),
        button=_("Lift rule"),
        back=came_from(request) or address_of_rules(licence),
    )

    def do(form: ReasonForm) -> str | HttpResponse:
        if rules.lift(rule, by=request.user.as_actor, reason=form.cleaned_data["reason"]):
            return _("Lifted: %s.") % rule
        messages.info(request, _("This rule had ended already. Nothing was changed."))
        return redirect(act.back)

    return carry_out(request, act, ReasonForm(request.POST or None), do)


def effects_of_lifting(rule: AccessRule, licence: Licence) -> list[str]:
    """What lifting a rule does, in sentences."""
    if rule.effect == "allow":
        first = _("Without it, this rule no longer decides who gets in.")
    else:
        whom = subject(rule.username, rule.machine_name)
        first = _("%s may take a seat again, if no other rule bars them.") % whom
    where = licence.name if rule.licence_id else _("every licence of %s") % licence.account
    return [first, _("It holds for %s.") % where, _("The rule stays in the history.")]


def address_of_rules(licence: Licence) -> str:
    """Where the rules are listed."""
    return reverse("portal:licence", args=[licence.pk], fragment="rules")
