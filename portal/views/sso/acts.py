"""Owners decide whether single sign-on is required, and whom it lets in."""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.acts import ReasonForm
from portal.models import Role, SingleSignOn
from portal.sso import email_domains, single_sign_on
from portal.views.access import AccountRequest, require_safe_or_post, role_required
from portal.views.acts import Act, carry_out
from portal.views.confirmations import confirmation_required


@require_safe_or_post
@role_required(Role.OWNER)
@confirmation_required
def require_sso(request: AccountRequest) -> HttpResponse:
    """Let people in verified domains in through the provider only; says first whom it concerns."""
    single = single_sign_on.of_account(request.account)
    refused = (
        single_sign_on.why_not_required(single, request.user)
        if single
        else _("Single sign-on is off.")
    )
    effects = effects_of_requiring_sso(request)

    def do(form: ReasonForm) -> str:
        reason = form.cleaned_data["reason"]
        single_sign_on.require(
            request.account, request.user, by=request.user.as_actor, reason=reason
        )
        return _("Single sign-on is required from now on.")

    act = Act(
        title=_("Require single sign-on?"),
        effects=effects,
        button=_("Require it"),
        refused=refused,
        back=reverse("portal:sso_settings"),
    )
    return carry_out(request, act, ReasonForm(request.POST or None), do)


def effects_of_requiring_sso(request: AccountRequest) -> list[str]:
    """How many people it concerns, and who keeps another way in."""
    concerned = email_domains.people_in(request.account)
    n, away = concerned.count(), concerned.filter(provider_link=None).count()
    others = request.account.memberships.active().count() - n
    keepers = [
        str(member.user) for member in single_sign_on.owners_with_another_way(request.account)
    ]
    return [
        ngettext(
            "%(n)s person with an address in your verified domains opens this account through "
            "your provider only. If they are signed in otherwise, they are sent there.",
            "%(n)s people with an address in your verified domains open this account through "
            "your provider only. If they are signed in otherwise, they are sent there.",
            n,
        )
        % {"n": n},
        ngettext(
            "%(n)s of them has never come in through it.",
            "%(n)s of them have never come in through it.",
            away,
        )
        % {"n": away},
        ngettext(
            "%(n)s person has another address, and signs in as before.",
            "%(n)s people have other addresses, and sign in as before.",
            others,
        )
        % {"n": others},
        _("When the provider fails, owners with two-step sign-in get in without it: %s.")
        % (", ".join(keepers) or _("nobody")),
        _("That is recorded and mailed to all owners. API tokens and programs go on working."),
    ]


@require_safe_or_post
@role_required(Role.OWNER)
@confirmation_required
def stop_requiring_sso(request: AccountRequest) -> HttpResponse:
    """Leave it to each person again."""

    def do(form: ReasonForm) -> str:
        reason = form.cleaned_data["reason"]
        single_sign_on.stop_requiring(request.account, by=request.user.as_actor, reason=reason)
        return _("Single sign-on is optional from now on.")

    act = Act(
        title=_("Stop requiring single sign-on?"),
        effects=[
            _("People can sign in with a password, a passkey or a mailed code again."),
            _("All owners get a mail."),
        ],
        button=_("Stop requiring it"),
        back=reverse("portal:sso_settings"),
    )
    return carry_out(request, act, ReasonForm(request.POST or None), do)


@require_safe_or_post
@role_required(Role.OWNER)
@confirmation_required
def change_newcomers(request: AccountRequest) -> HttpResponse:
    """Let people whom nobody invited join as viewers; or not, if they may now."""
    single = single_sign_on.of_account(request.account)
    is_taken = single is not None and single.takes_newcomers
    act = act_of_stopping_newcomers() if is_taken else act_of_taking_newcomers(single)

    def do(form: ReasonForm) -> str:
        by, reason = request.user.as_actor, form.cleaned_data["reason"]
        single_sign_on.take_newcomers(request.account, not is_taken, by=by, reason=reason)
        if is_taken:
            return _("Only people whom you invite come in from now on.")
        return _("Newcomers join as viewers from now on.")

    return carry_out(request, act, ReasonForm(request.POST or None), do)


def act_of_stopping_newcomers() -> Act:
    """What the page says while they join."""
    return Act(
        title=_("Stop letting newcomers join?"),
        effects=[
            _("Only people whom you invite come in. Whoever joined stays."),
            _("All owners get a mail."),
        ],
        button=_("Stop it"),
        back=reverse("portal:sso_settings"),
    )


def act_of_taking_newcomers(single: SingleSignOn | None) -> Act:
    """What the page says while they do not."""
    return Act(
        title=_("Let newcomers join as viewers?"),
        effects=[
            _("Whoever signs in with your provider, with an address in a verified domain, joins."),
            _("They see licences and who is using them, and change nothing."),
            _("Whoever you removed can join again, for as long as the provider signs them in."),
            _("Owners get a mail about each."),
        ],
        button=_("Let them join"),
        refused="" if single else _("Single sign-on is off."),
        back=reverse("portal:sso_settings"),
    )


@require_safe_or_post
@role_required(Role.OWNER)
@confirmation_required
def turn_off_sso(request: AccountRequest) -> HttpResponse:
    """Forget the provider, after saying what that means."""

    def do(form: ReasonForm) -> str:
        reason = form.cleaned_data["reason"]
        single_sign_on.turn_off(request.account, by=request.user.as_actor, reason=reason)
        return _("Single sign-on is off.")

    act = Act(
        title=_("Turn single sign-on off?"),
        effects=[
            _("Everybody signs in with a password, a passkey or a mailed code."),
            _("Whoever is signed in through the provider signs in again."),
            _("All owners get a mail."),
        ],
        button=_("Turn it off"),
        back=reverse("portal:sso_settings"),
    )
    return carry_out(request, act, ReasonForm(request.POST or None), do)
