"""Saving a view of a list, and what becomes of it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from licensing.names import one_line
from portal.listings import LISTINGS
from portal.lists import saved_views
from portal.models import Report, Role, SavedView, User
from portal.models.views import MOST_IN_A_NAME
from portal.sent.forms import once
from portal.views.access import AccountRequest, may_manage, require_safe_or_post, role_required
from portal.views.acts import Act, carry_out


class ViewForm(forms.Form):
    """What a view is called and, for those who may, who sees it."""

    name = forms.CharField(
        validators=[one_line],
        label=gettext_lazy("Name"),
        max_length=MOST_IN_A_NAME,
        help_text=gettext_lazy("Such as “Held in London”."),
    )
    is_shared = forms.BooleanField(
        label=gettext_lazy("Share with the account"),
        required=False,
        help_text=gettext_lazy(
            "Everybody of this account sees it. Shared views and their changes stand in the "
            "audit log."
        ),
    )

    def __init__(self, *args: Any, may_share: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_share:
            del self.fields["is_shared"]

    @property
    def wanted(self) -> dict[str, Any]:
        """The name, and whether it is shared."""
        cleaned = self.cleaned_data
        return {"name": cleaned["name"], "is_shared": cleaned.get("is_shared", False)}


def view_form(request: AccountRequest, **initial: object) -> ViewForm:
    """The form as this person may fill it in; who asks for more is refused."""
    may_share = may_manage(request)
    if "is_shared" in request.POST and not may_share:
        raise PermissionDenied
    return ViewForm(request.POST or None, initial=initial, may_share=may_share)


@require_safe_or_post
@role_required(Role.VIEWER)
@once
def save_view(request: AccountRequest, listed: str) -> HttpResponse:
    """Keep what the address asks of the list under a name."""
    listing = LISTINGS.get(listed)
    if listing is None or not listing.page:
        raise Http404
    if not request.membership.allows(listing.role):
        raise PermissionDenied(listing.role)
    act = Act(
        title=_("Save this view"),
        effects=[
            _(
                "The filters, the order and the columns as they are now stand under this name "
                "above the list. A view of yours with the same name is replaced."
            )
        ],
        button=_("Save view"),
        back=f"{listing.url}?{request.GET.urlencode()}",
    )

    def do(form: ViewForm) -> HttpResponse:
        view = saved_views.save(request.membership, listing, request.GET, **form.wanted)
        messages.success(request, _("Saved as “%s”.") % view.name)
        return redirect(address_of_view(view))

    return carry_out(request, act, view_form(request), do)


@require_safe_or_post
@role_required(Role.VIEWER)
@once
def change_view(request: AccountRequest, view_id: int) -> HttpResponse:
    """Rename one's own view, share it or keep it to oneself."""
    view = view_or_404(request, view_id)
    if view.person_id != request.user.pk:
        raise PermissionDenied
    act = Act(
        title=_("Rename the view “%s”") % view.name,
        effects=effect_of_unsharing(view),
        button=_("Rename view"),
        back=address_of_view(view),
    )

    def do(form: ViewForm) -> str:
        saved_views.change(view, request.membership, **form.wanted)
        return _("Saved.")

    form = view_form(request, name=view.name, is_shared=view.is_shared)
    return carry_out(request, act, form, do)


@require_safe_or_post
@role_required(Role.VIEWER)
def delete_view(request: AccountRequest, view_id: int) -> HttpResponse:
    """Forget a view, after saying for whom."""
    view = view_or_404(request, view_id)
    if not saved_views.may_delete(request.membership, view):
        raise PermissionDenied
    act = Act(
        title=_("Delete the view “%s”?") % view.name,
        effects=[
            effect_of(view),
            *effect_on_reports(view),
            _("Nothing that the list shows is deleted."),
        ],
        button=_("Delete view"),
        back=address_of_view(view),
    )

    def do(form: forms.Form) -> HttpResponse:
        saved_views.delete(view, request.membership)
        messages.success(request, _("The view “%s” is deleted.") % view.name)
        return redirect(LISTINGS[view.listed].url)

    return carry_out(request, act, forms.Form(request.POST), do)


def effect_of(view: SavedView) -> str:
    """Who will miss it."""
    if view.is_shared:
        return _("It is shared: nobody of this account has it any more.")
    return _("Only you have it.")


def effect_on_reports(view: SavedView) -> list[str]:
    """How many reports tell of it."""
    if not (reports := Report.objects.filter(view=view).count()):
        return []
    words = ngettext(
        "%(n)s report of it ends.", "%(n)s reports of it end.", reports
    )  # fmt: skip
    return [words % {"n": reports}]


def effect_of_unsharing(view: SavedView) -> list[str]:
    """Who gets no more reports of it when it is shared no longer."""
    if not view.is_shared:
        return []
    others = User.objects.filter(report_places__report__view=view).exclude(pk=view.person_id)
    if not (names := sorted(map(str, others.distinct()))):
        return []
    text = _("If you no longer share it, its report “%(name)s” no longer reaches %(names)s.")
    return [text % {"name": view.name, "names": ", ".join(names)}]


def view_or_404(request: AccountRequest, view_id: int) -> SavedView:
    """The view of this id that the person has in this account."""
    return get_object_or_404(saved_views.seen_by(request.membership), pk=view_id)


def address_of_view(view: SavedView) -> str:
    """The list as the view shows it."""
    return f"{LISTINGS[view.listed].url}?{view.query}"
