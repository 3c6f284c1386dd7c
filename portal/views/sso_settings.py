"""Where owners set single sign-on up, and decide whether it is required."""

from __future__ import annotations

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from licensing.errors import InvalidOperation
from portal import email_domains, sso, two_step
from portal.access import AccountRequest, actor, role_required
from portal.acts import ReasonForm, ask, is_confirmed, refuse
from portal.models import ProviderLink, Role
from portal.paging import page_of
from portal.views.email_domains import DomainForm
from portal.views.sso import page_to


class ProviderForm(forms.Form):
    """What the provider's own pages say when the portal is registered there."""

    issuer = forms.URLField(
        label=gettext_lazy("Issuer"),
        max_length=300,
        assume_scheme="https",
        help_text=gettext_lazy("Such as https://login.microsoftonline.com/your-tenant/v2.0."),
    )
    client_id = forms.CharField(label=gettext_lazy("Client ID"), max_length=200)
    secret = forms.CharField(
        label=gettext_lazy("Client secret"),
        max_length=500,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=gettext_lazy("Kept encrypted, and never shown again."),
    )


@role_required(Role.OWNER)
@require_http_methods(["GET", "HEAD", "POST"])
def settings_page(request: AccountRequest) -> HttpResponse:
    """The account's provider, the domains that it speaks for, and whether it is required."""
    form = ProviderForm(request.POST or None, initial=known(request))
    if request.method == "POST" and form.is_valid():
        try:
            sso.set_up(request.account, **form.cleaned_data, by=actor(request.user))
        except InvalidOperation as error:
            refuse(form, error)
        else:
            messages.success(
                request, _("People can sign in through your provider now. Test it next.")
            )
            return redirect("portal:sso_settings")
    return page(request, form)


def known(request: AccountRequest) -> dict[str, str]:
    """What the form need not ask for again."""
    single = sso.of_account(request.account)
    return {"issuer": single.issuer, "client_id": single.client_id} if single else {}


def page(request: AccountRequest, form: ProviderForm) -> HttpResponse:
    """The page of settings, with the form as somebody filled it in."""
    single, domains = sso.of_account(request.account), list(request.account.email_domains.all())
    callback = reverse("openid_connect_callback", args=[request.account.pk])
    context = {
        "single": single,
        "why_not": sso.why_not_required(single, request.user) if single else "",
        "domains": [(domain, email_domains.record_name(domain)) for domain in domains],
        "callback": request.build_absolute_uri(callback),
        "domain_form": DomainForm(),
        "provider_form": form,
    }
    status = 422 if form.errors else 200
    return page_to(request, single, "portal/sso_settings.html", context, status=status)


@role_required(Role.OWNER)
@require_http_methods(["GET", "HEAD", "POST"])
def require(request: AccountRequest) -> HttpResponse:
    """Let people in verified domains in through the provider only; says first whom it concerns."""
    single = sso.of_account(request.account)
    refused = sso.why_not_required(single, request.user) if single else _("Single sign-on is off.")
    effects = effects_of_requiring(request)

    def do(reason: str) -> None:
        sso.require(request.account, request.user, by=actor(request.user), reason=reason)

    return act(
        request,
        do,
        title=_("Require single sign-on?"),
        effects=effects,
        button=_("Require it"),
        told=_("Single sign-on is required from now on."),
        refused=refused,
    )


def effects_of_requiring(request: AccountRequest) -> list[str]:
    """How many people it concerns, and who keeps another way in."""
    concerned = email_domains.people_in(request.account)
    n, away = concerned.count(), concerned.filter(provider_link=None).count()
    others = request.account.memberships.filter(user__is_active=True).count() - n
    keepers = [str(member.user) for member in sso.owners_with_another_way(request.account)]
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


@role_required(Role.OWNER)
@require_http_methods(["GET", "HEAD", "POST"])
def stop_requiring(request: AccountRequest) -> HttpResponse:
    """Leave it to each person again."""

    def do(reason: str) -> None:
        sso.stop_requiring(request.account, by=actor(request.user), reason=reason)

    return act(
        request,
        do,
        title=_("Stop requiring single sign-on?"),
        effects=[
            _("People can sign in with a password, a passkey or a mailed code again."),
            _("All owners get a mail."),
        ],
        button=_("Stop requiring it"),
        told=_("Single sign-on is optional from now on."),
    )


@role_required(Role.OWNER)
@require_http_methods(["GET", "HEAD", "POST"])
def newcomers(request: AccountRequest) -> HttpResponse:
    """Let people whom nobody invited join as viewers; or not, if they may now."""
    single = sso.of_account(request.account)
    is_taken = single is not None and single.takes_newcomers

    def do(reason: str) -> None:
        by = actor(request.user)
        sso.take_newcomers(request.account, not is_taken, by=by, reason=reason)

    if is_taken:
        return act(
            request,
            do,
            title=_("Stop letting newcomers join?"),
            effects=[
                _("Only people whom you invite come in. Whoever joined stays."),
                _("All owners get a mail."),
            ],
            button=_("Stop it"),
            told=_("Only people whom you invite come in from now on."),
        )
    return act(
        request,
        do,
        title=_("Let newcomers join as viewers?"),
        effects=[
            _("Whoever signs in with your provider, with an address in a verified domain, joins."),
            _("They see licences and who is using them, and change nothing."),
            _("Whoever you removed can join again, for as long as the provider signs them in."),
            _("Owners get a mail about each."),
        ],
        button=_("Let them join"),
        told=_("Newcomers join as viewers from now on."),
        refused="" if single else _("Single sign-on is off."),
    )


@role_required(Role.OWNER)
@require_http_methods(["GET", "HEAD", "POST"])
def turn_off(request: AccountRequest) -> HttpResponse:
    """Forget the provider, after saying what that means."""

    def do(reason: str) -> None:
        sso.turn_off(request.account, by=actor(request.user), reason=reason)

    return act(
        request,
        do,
        title=_("Turn single sign-on off?"),
        effects=[
            _("Everybody signs in with a password, a passkey or a mailed code."),
            _("Whoever is signed in through the provider signs in again."),
            _("All owners get a mail."),
        ],
        button=_("Turn it off"),
        told=_("Single sign-on is off."),
    )


def act(
    request: AccountRequest,
    do: Callable[[str], None],
    *,
    title: str,
    effects: list[str],
    button: str,
    told: str,
    refused: str = "",
) -> HttpResponse:
    """The page of an act that asks why, and back to the settings when it is done."""
    form = None if refused else ReasonForm(request.POST or None)
    back = reverse("portal:sso_settings")
    if form and is_confirmed(request, form, effects):
        try:
            do(form.cleaned_data["reason"])
        except InvalidOperation as error:
            refuse(form, error)
        else:
            messages.success(request, told)
            return redirect(back)
    return ask(
        request, form, title=title, effects=effects, button=button, back=back, refused=refused
    )


@role_required(Role.OWNER)
@require_safe
def people(request: AccountRequest) -> HttpResponse:
    """Whom the provider speaks for, and whom it has vouched for already."""
    concerned = email_domains.people_in(request.account).select_related("provider_link")
    concerned = concerned.annotate(has_two_step=two_step.steps_of("user"))
    shown = page_of(concerned, email_domains.PEOPLE, request.GET, total=concerned.count())
    rows = [(member, getattr(member, "provider_link", None)) for member in shown]
    return render(request, "portal/sso_people.html", {"page": shown, "rows": rows})


@role_required(Role.OWNER)
@require_http_methods(["GET", "HEAD", "POST"])
def unlink(request: AccountRequest, link_id: int) -> HttpResponse:
    """Forget who a person is at the provider."""
    links = ProviderLink.objects.select_related("single__account", "membership__user")
    link = get_object_or_404(links, pk=link_id, single=request.account.pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        sso.unlink(link, by=actor(request.user), reason=form.cleaned_data["reason"])
        messages.success(request, _("%s is unlinked.") % link.membership.user)
        return redirect("portal:sso_people")
    return ask(
        request,
        form,
        title=_("Unlink %s?") % link.membership.user,
        effects=[
            _("What they have open through the provider closes."),
            _(
                "Whoever signs in at the provider next with the address %s becomes this person "
                "here. Do it when the provider gave them a new sign-in, not to keep them out."
            )
            % link.membership.user.email,
        ],
        button=_("Unlink"),
        back=reverse("portal:sso_people"),
    )
