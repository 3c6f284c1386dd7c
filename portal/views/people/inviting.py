"""Inviting people to an account, several at once."""

from __future__ import annotations

from functools import partial

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from licensing.errors import InvalidOperation
from licensing.keys import no_product_key
from licensing.models import Account
from licensing.names import plain_text
from portal.models import Role
from portal.people import invitations
from portal.sent.forms import once
from portal.views.access import AccountRequest, require_safe_or_post, role_required
from portal.views.acts import Act, carry_out
from portal.views.confirmations import confirmation_required
from portal.views.people.members import JUST_INVITED, role_choices

MOST_AT_ONCE = 50


class InviteForm(forms.Form):
    """Whom, as what, and a few words."""

    emails = forms.CharField(
        label=gettext_lazy("E-mail addresses"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy(
            "One or several, also as mail programs copy them: Tom Reed <tom@brook.example>;"
        ),
    )
    role = forms.ChoiceField(
        label=gettext_lazy("Role"), widget=forms.RadioSelect, initial=Role.VIEWER
    )
    message = forms.CharField(
        label=gettext_lazy("Your message"),
        validators=[plain_text, no_product_key],
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Stands in the mail. Never write a product key here."),
    )

    def __init__(self, account: Account, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.account = account
        self.fields["role"].choices = role_choices()  # type: ignore[attr-defined]

    def clean_emails(self) -> list[str]:
        """The addresses, each once; every one that cannot be invited is named with its reason."""
        typed = invitations.addresses_in(self.cleaned_data["emails"])
        if len(typed) > MOST_AT_ONCE:
            raise forms.ValidationError(_("At most %s at once.") % MOST_AT_ONCE)
        wanted: dict[str, None] = {}
        problems = []
        for part in typed:
            try:
                wanted[checked(self.account, part)] = None
            except InvalidOperation as error:
                problems.append(str(error))
        if problems:
            raise forms.ValidationError([*problems, _("Nobody has been invited yet.")])
        return list(wanted)


def checked(account: Account, typed: str) -> str:
    """The address to invite; raise InvalidOperation when it is none, a member's or staff's."""
    email = invitations.normalise(typed)
    invitations.require_new_to(account, email)
    return email


@require_safe_or_post
@role_required(Role.OWNER)
@confirmation_required
@once
def invite(request: AccountRequest) -> HttpResponse:
    """Invite one person or several, as the same role."""
    act = Act(
        title=_("Invite people"),
        effects=[_("Each gets a mail with a link of their own, good once and for seven days.")],
        button=_("Send invitation"),
        back=reverse("portal:people"),
    )
    form = InviteForm(request.account, request.POST or None)
    return carry_out(request, act, form, partial(send_invitations, request))


def send_invitations(request: AccountRequest, form: InviteForm) -> str:
    """Invite them; return what to tell. Raise InvalidOperation when one joined just now."""
    wanted = form.cleaned_data
    made = invitations.invite_all(
        request.account,
        wanted["emails"],
        Role(wanted["role"]),
        by=request.user.as_actor,
        message=wanted["message"],
    )
    request.session[JUST_INVITED] = [invitation.pk for invitation in made]
    told = ngettext(
        "%(n)s invitation is on its way. This page says when its mail was sent.",
        "%(n)s invitations are on their way. This page says when their mails were sent.",
        len(made),
    )
    return told % {"n": len(made)}
