"""What is asked of who orders a report."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.lists import saved_views
from portal.models import Every, FileFormat, Membership, Report, ReportKind, SavedView, User
from portal.reports import orders
from portal.reports.orders import Wanted
from portal.reports.readers import view_name_for
from portal.words.recorded import LISTS

VIEW = "view-"
"""What stands before a view's number among the choices."""


class Readers(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """People of the account, by name."""

    def label_from_instance(self, user: Any) -> str:
        """Names alone: addresses are for owners."""
        return str(user)


class ReportForm(forms.Form):
    """What is sent, how often, as what file, and to whom."""

    what = forms.ChoiceField(label=gettext_lazy("What"))
    every = forms.ChoiceField(
        label=gettext_lazy("When"), choices=Every.choices, widget=forms.RadioSelect
    )
    format = forms.ChoiceField(
        label=gettext_lazy("File"),
        choices=FileFormat.choices,
        widget=forms.RadioSelect,
        help_text=gettext_lazy("A summary has none. Of a very long list a link is mailed."),
    )
    readers = Readers(
        label=gettext_lazy("To"),
        queryset=User.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose somebody.")},
    )

    def __init__(
        self, *args: Any, membership: Membership, report: Report | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.views = {VIEW + str(view.pk): view for view in views_for(membership, report)}
        kinds = [choice for choice in ReportKind.choices if choice[0] != ReportKind.VIEW]
        views = [(key, view_in_words(view, membership)) for key, view in self.views.items()]
        self.fields["what"].choices = [  # type: ignore[attr-defined]
            *kinds,
            *([(_("Saved views"), views)] if views else []),
        ]
        self.fields["readers"].queryset = orders.readers_for(membership)  # type: ignore[attr-defined]

    @property
    def wanted(self) -> Wanted:
        """What was chosen."""
        cleaned = self.cleaned_data
        view = self.views.get(cleaned["what"])
        return Wanted(
            kind=ReportKind.VIEW if view else ReportKind(cleaned["what"]),
            view=view,
            every=Every(cleaned["every"]),
            format=FileFormat(cleaned["format"]),
            readers=list(cleaned["readers"]),
        )


def views_for(membership: Membership, report: Report | None) -> list[SavedView]:
    """The views that the person has, and the one that is sent already."""
    views = list(saved_views.seen_by(membership).select_related("person"))
    if report and report.view and report.view not in views:
        views.append(report.view)
    return views


def view_in_words(view: SavedView, membership: Membership) -> str:
    """A view's name, and of which list it is."""
    return f"{view_name_for(membership, view)} ({LISTS[view.listed]})"


def as_it_is(report: Report) -> dict[str, object]:
    """What the form shows of a report."""
    return {
        "what": f"{VIEW}{report.view_id}" if report.view_id else report.kind,
        "every": report.every,
        "format": report.format,
        "readers": [reader.pk for reader in report.readers.all()],
    }
