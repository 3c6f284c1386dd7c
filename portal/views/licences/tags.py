"""Tags on licences: put on and taken off, one licence or many at a time, and undone."""

from __future__ import annotations

from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from licensing.errors import InvalidOperation
from licensing.identity import as_compared
from licensing.models import Licence
from portal.licences import tags
from portal.models import Role
from portal.models.tags import LONGEST_TAG
from portal.sent.forms import once
from portal.views.access import AccountRequest, require_safe_or_post, role_required
from portal.views.acts import Act, carry_out
from portal.views.bulk_acts import ChosenForm, bulk_form, nothing_chosen
from portal.views.licences.ticked import ticked
from portal.views.redirects import next_address
from portal.words.names import some_of

MOST_IN_A_FIELD = tags.MOST_TAGS * (LONGEST_TAG + 2)
ADD, REMOVE = "add", "remove"


class TagsForm(forms.Form):
    """Tags, with commas between them."""

    tags = forms.CharField(label=gettext_lazy("Tags"), required=False, max_length=MOST_IN_A_FIELD)

    def __init__(self, known: list[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["tags"].help_text = help_of(known)

    def clean_tags(self) -> list[str]:
        """Each tag once."""
        try:
            return tags.parse(self.cleaned_data["tags"])
        except InvalidOperation as error:
            raise forms.ValidationError(str(error)) from error


class BulkTagsForm(ChosenForm, TagsForm):
    """Tags, and whether they are put on or taken off the licences that were ticked."""

    how = forms.ChoiceField(
        label=gettext_lazy("What to do with them"),
        choices=[
            (ADD, gettext_lazy("Put them on")),
            (REMOVE, gettext_lazy("Take them off")),
        ],
        widget=forms.RadioSelect,
        initial=ADD,
    )
    field_order = ["tags", "how"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["tags"].required = True

    def clean_tags(self) -> list[str]:
        """At least one; commas alone are none."""
        names = super().clean_tags()
        if not names:
            raise forms.ValidationError(_("Write at least one tag."))
        return names


def help_of(known: list[str]) -> str:
    """How tags are written, and those there are, in words without markup."""
    how = _("Your own words, with commas between them: a site, a team, a cost centre.")
    if not known:
        return how
    so_far = _("So far you use: %(tags)s.") % {"tags": tags.written(known)}
    return escape(f"{how} {so_far}")


@require_safe_or_post
@role_required(Role.MANAGER)
@once
def edit_tags(request: AccountRequest, licence_id: int) -> HttpResponse:
    """The tags of one licence, all in one field."""
    licence = get_object_or_404(request.account.licences, pk=licence_id)
    have = tags.by_licence(request.account, [licence.pk])[licence.pk]
    act = Act(
        title=_("Tags of %s") % licence.name,
        button=_("Save"),
        back=reverse("portal:licence", args=[licence_id]),
    )

    def do(form: TagsForm) -> HttpResponse:
        wanted = form.cleaned_data["tags"]
        keep = {as_compared(name) for name in wanted}
        gone = [name for name in have if as_compared(name) not in keep]
        change_tags_and_tell(request, [licence], add=wanted, remove=gone)
        return redirect(act.back)

    initial = {"tags": tags.written(have)}
    form = TagsForm(tags.known(request.account), request.POST or None, initial=initial)
    return carry_out(request, act, form, do)


@require_POST
@role_required(Role.MANAGER)
@once
def tag_many(request: AccountRequest) -> HttpResponse:
    """Put tags on the licences that were ticked, or take them off."""
    rows = ticked(request)
    back = reverse("portal:licences", query=request.GET or None)
    if not rows:
        return nothing_chosen(request, back, _("Nothing was tagged: no licence was chosen."))
    with_known = partial(BulkTagsForm, tags.known(request.account))
    form = bulk_form(with_known, request, [row.licence.pk for row in rows])
    act = Act(
        title=ngettext("Tag %(n)s licence", "Tag %(n)s licences", len(rows)) % {"n": len(rows)},
        effects=[f"{some_of([row.licence.name for row in rows])}."],
        button=_("Save"),
        back=back,
    )

    def do(form: BulkTagsForm) -> HttpResponse:
        sides = {form.cleaned_data["how"]: form.cleaned_data["tags"]}
        change_tags_and_tell(request, [row.licence for row in rows], **sides)
        return redirect(back)

    return carry_out(request, act, form, do)


def change_tags_and_tell(
    request: AccountRequest, licences: list[Licence], **sides: list[str]
) -> None:
    """Change the tags and say so, with Undo. Raise TooManyTags."""
    entries = tags.change(licences, **sides, by=request.user.as_actor)
    if not entries:
        messages.info(request, _("The tags were like that already."))
        return
    text = ngettext(
        "Changed the tags of %(n)s licence.", "Changed the tags of %(n)s licences.", len(entries)
    ) % {"n": len(entries)}
    undo_url = reverse("portal:undo_tags", args=[entries[0].number, entries[-1].number])
    messages.success(request, text, extra_tags=undo_url)


@require_POST
@role_required(Role.MANAGER)
def undo_tags(request: AccountRequest, first: int, last: int) -> HttpResponse:
    """Turn back what this person did to tags a moment ago."""
    try:
        undone = tags.undo(request.account, first, last, by=request.user.as_actor)
    except tags.TooManyTags:
        undone = 0
    if undone:
        messages.success(request, _("The tags are as they were before."))
    else:
        messages.info(request, _("Nothing was undone: the tags have changed, or it is too late."))
    return redirect(next_address(request, "portal:licences"))
