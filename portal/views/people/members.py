"""People: who holds the account, in which role, and who has been invited."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from licensing.errors import InvalidOperation
from portal.acts import ReasonForm
from portal.lists.paging import page_of
from portal.lists.search_tokens import parse
from portal.models import Invitation, Membership, Role
from portal.people import invitations
from portal.people import members as people
from portal.people.members import whom_to_ask
from portal.sent.forms import once
from portal.sign_in.standing import visit_of
from portal.views.access import AccountRequest, may_manage, require_safe_or_post, role_required
from portal.views.acts import Act, carry_out, choice_with_note
from portal.views.confirmations import confirmation_required

JUST_INVITED = "just_invited"
"""In one's session: the ids of the invitations whose links are shown next, and then no more."""


def role_choices() -> list[tuple[str, str]]:
    """The roles, each with what it may do."""
    return [(role.value, choice_with_note(role.label, role.note)) for role in Role]


class RoleForm(ReasonForm):
    """Another role, and why."""

    role = forms.ChoiceField(label=gettext_lazy("Role"), widget=forms.RadioSelect)
    field_order = ["role", "reason"]

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["role"].choices = role_choices()  # type: ignore[attr-defined]


@require_safe
@role_required(Role.VIEWER)
def everybody(request: AccountRequest) -> HttpResponse:
    """The account's people and invitations, for its owners; others read whom to ask."""
    if not request.membership.allows(Role.OWNER):
        names = whom_to_ask(request.account, Role.OWNER)
        context = {"names": names, "may_manage": may_manage(request)}
        return render(request, "portal/people/people_of_owners.html", context, status=403)
    search = parse(request.GET.get("q", ""))
    found = people.found(request.account, search)
    page = page_of(found, people.ORDER, request.GET, total=found.count())
    owners = request.account.memberships.owners().count()
    context = {
        "search": search,
        "as_asked": {"q": search.text},
        "page": page,
        "has_one_owner": owners == 1,
        "invitations": waiting_invitations(request),
        "now": timezone.now(),
    }
    return render(request, "portal/people/people.html", context)


def waiting_invitations(request: AccountRequest) -> list[Invitation]:
    """The pending invitations, with their links for who made them.

    Once, when they have just been made; and while the mail does not arrive.
    """
    just_made = request.session.pop(JUST_INVITED, [])
    waiting = list(request.account.invitations.pending().select_related("mail"))
    for invitation in waiting:
        mail = invitation.mail
        is_lost = mail is not None and bool(mail.trouble) and mail.asked_by_id == request.user.pk
        invitation.is_just_made = invitation.pk in just_made  # type: ignore[attr-defined]
        is_told = (is_lost or invitation.pk in just_made) and not visit_of(request)
        invitation.link = invitations.address(invitation) if is_told else ""  # type: ignore[attr-defined]
    return waiting


@require_safe_or_post
@role_required(Role.OWNER)
@confirmation_required
def change_role(request: AccountRequest, member_id: int) -> HttpResponse:
    """Let a person do more, or less."""
    member = member_or_404(request, member_id)
    now = {"person": member.user, "role": member.get_role_display()}
    effect = _("%(person)s is %(role)s now. The new role counts from their next click.") % now
    refused = why_owner_stays(member)
    act = Act(
        title=_("Change the role of %s?") % member.user,
        effects=[] if refused else [effect],
        button=_("Change role"),
        back=reverse("portal:people"),
        refused=refused,
    )
    form = RoleForm(request.POST or None, initial={"role": member.role})
    return carry_out(request, act, form, partial(give_role, request, member))


def give_role(request: AccountRequest, member: Membership, form: RoleForm) -> str | HttpResponse:
    """Give it; raise InvalidOperation when the account would be left without an owner."""
    role, reason = Role(form.cleaned_data["role"]), form.cleaned_data["reason"]
    words = {"person": member.user, "role": role.label}
    if people.change_role(member, role, by=request.user.as_actor, reason=reason):
        return _("%(person)s is %(role)s from now on.") % words
    messages.info(request, _("%(person)s was %(role)s already.") % words)
    return redirect("portal:people")


@require_safe_or_post
@role_required(Role.OWNER)
@confirmation_required
def remove_person(request: AccountRequest, member_id: int) -> HttpResponse:
    """Take a person out of the account."""
    member = member_or_404(request, member_id)
    refused = why_owner_stays(member)
    act = Act(
        title=_("Remove %s from the account?") % member.user,
        effects=[] if refused else people.effects_of_removal(member),
        button=_("Remove person"),
        back=reverse("portal:people"),
        refused=refused,
    )

    def do(form: ReasonForm) -> HttpResponse:
        people.remove(member, by=request.user.as_actor, reason=form.cleaned_data["reason"])
        messages.success(request, _("%s is removed from the account.") % member.user)
        return redirect("portal:home" if member.user == request.user else "portal:people")

    return carry_out(request, act, ReasonForm(request.POST or None), do)


@require_POST
@role_required(Role.OWNER)
@once
def resend_invitation(request: AccountRequest, invitation_id: int) -> HttpResponse:
    """Mail an invitation again."""
    told = _("A mail to %s is on its way again. The link is good for seven more days.")
    return change_invitation(request, invitation_id, invitations.resend, told)


@require_POST
@role_required(Role.OWNER)
def cancel_invitation(request: AccountRequest, invitation_id: int) -> HttpResponse:
    """Take an invitation back."""
    told = _("Cancelled. The link that %s has no longer works.")
    return change_invitation(request, invitation_id, invitations.cancel, told)


def change_invitation(
    request: AccountRequest, invitation_id: int, act: Callable[..., None], told: str
) -> HttpResponse:
    """Do this with an invitation and say so, or why it could not be done."""
    invitation = get_object_or_404(request.account.invitations, pk=invitation_id)
    try:
        act(invitation, by=request.user.as_actor)
    except InvalidOperation as error:
        messages.error(request, str(error))
    else:
        messages.success(request, told % invitation.email)
    return redirect("portal:people")


def why_owner_stays(member: Membership) -> str:
    """Why nothing can be done to the person, if they are the last owner."""
    return people.needs_an_owner(member.account) if people.is_last_owner(member) else ""


def member_or_404(request: AccountRequest, member_id: int) -> Membership:
    """The account's person with this id."""
    members = request.account.memberships.select_related("user", "account")
    return get_object_or_404(members, pk=member_id)
