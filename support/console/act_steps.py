"""The pages of one act: the form that asks, the page on which that is checked, and doing it.

What an act asks is checked on a page of its own, which tells what exactly it will do and asks why.
An act that asks nothing more has that page alone. What is wrong is told on a page that was asked
for, not sent, so that the browser's way back leads to each of them.
"""

from __future__ import annotations

import dataclasses
import functools
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.forms import BoundField
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.html import format_html

from licensing import keys
from licensing.audit import NOTHING_KEPT, kept_for_staff
from licensing.errors import LicensingError
from portal.acts import NotReady, refuse
from portal.sent.forms import once
from portal.sign_in.standing import person
from support.acts.records import RecordAct, RecordForm, Subject
from support.console import approvals, asked, shell
from support.console.entries import note
from support.console.table import CHOSEN, Table
from support.console.tables import page_of
from support.console.ways import way_back, way_on
from support.models import Approval

CHANGE = "change"
"""By which the page that checks leads back to the form."""


@dataclasses.dataclass(frozen=True)
class ActPage:
    """What is asked of a table's records by one request."""

    table: Table
    request: HttpRequest
    act: RecordAct
    records: list[Any]

    @functools.cached_property
    def possible(self) -> list[Any]:
        """Those of the records to which it can be done."""
        return [record for record in self.records if not self.act.refusal(record)]

    @functools.cached_property
    def together(self) -> list[str]:
        """What is told once of several records, where it is not told of each."""
        return self.act.together(self.possible) if len(self.possible) > 1 else []

    def answer(self) -> HttpResponse:
        """The form, the check, or what was done."""
        if self.request.method != "POST":
            done = asked.done_of(self.request)
            return self.over(done) if done else self.asked_for()
        if asked.CONFIRMED in self.request.POST or not self.possible:
            return confirmed(self.request, self)
        form = self.form(self.request.POST, self.request.FILES)
        return self.go_on_to_check(form) if form.is_valid() else self.again(form)

    def form(self, *sent: Any, **options: Any) -> RecordForm:
        """The act's form."""
        records = self.possible or self.records
        own = self.act.why_asked_of(records)
        return self.act.form(*sent, record=records[0], **own, **options)

    def over(self, done: list[str]) -> TemplateResponse:
        """The page of what was asked and done: browsers' way back leads here."""
        return shell.page(self.request, "support/act.html", self.frame() | {"done": done})

    def asked_for(self) -> TemplateResponse:
        """The form as it is at first or as it was sent, or the page that checks it."""
        kept = asked.kept_for(self.request)
        if kept is None or not self.possible:
            return self.asking(
                self.form(initial=self.at_first()), status=200 if self.possible else 409
            )
        form = self.form(kept, is_confirmed=asked.CONFIRMED in kept)
        if CHANGE in self.request.GET:
            return self.asking(self.form(kept))
        return self.checking(form) if form.is_valid() else self.wrong(form)

    def at_first(self) -> dict[str, Any]:
        """What the form holds before anything was asked."""
        if len(self.records) != 1:
            return {}
        at_first, beginning = self.act.initial(self.records[0]), self.act.beginning
        if beginning and (chosen := self.request.GET.get(CHOSEN)):
            return at_first | beginning.at_first(self.records[0], chosen)
        return at_first

    def wrong(self, form: RecordForm) -> TemplateResponse:
        """The page that was sent, with what is wrong on it."""
        if form.is_confirmed and form.is_understood:
            return self.checking(form, status=422)
        return self.asking(form, status=422)

    def again(self, form: RecordForm) -> HttpResponse:
        """Lead to that page, if what was sent may be kept for it."""
        where = self.kept_at()
        return HttpResponseRedirect(where) if where else self.wrong(form)

    def kept_at(self) -> str:
        """The page that asks again with all that was sent; "" where that holds a product key, or a
        file, which are not kept."""
        sent = [(name, value) for name, values in self.request.POST.lists() for value in values]
        if self.request.FILES or any(keys.holds_product_key(value) for _name, value in sent):
            return ""
        own = {*self.form().fields, asked.CONFIRMED}
        token = asked.keep(self.request, [pair for pair in sent if pair[0] in own])
        return self.address(**{asked.PARAMETER: token})

    def go_on_to_check(self, form: RecordForm) -> HttpResponse:
        """Lead to the page that tells what would be done as asked, if it can be."""
        page = self.checking(form)
        if page.status_code != 200:
            return page
        own = {*form.fields} & {*form.WHY} & {*self.request.POST}
        why = [(name, self.request.POST[name]) for name in sorted(own)]
        token = asked.keep(self.request, [*form.carried(), *why])
        return HttpResponseRedirect(self.address(**{asked.PARAMETER: token}))

    def checking(self, form: RecordForm, *, status: int = 200) -> TemplateResponse:
        """The page that tells what would be done as asked, or the form with what is wrong."""
        if not self.act.asks_more:
            return self.asking(form, status=status)
        of_why = ("reason", "for_staff")
        wanted = {name: value for name, value in form.cleaned_data.items() if name not in of_why}
        try:
            subjects = self.subjects(wanted)
        except LicensingError as refusal:
            refuse(form, refusal)
            lines = refusal.lines if isinstance(refusal, NotReady) else None
            return self.asking(form, status=422, lines=lines)
        carried = list(form.carried())
        return self.page(form, subjects, status=status, carried=carried, confirmable=True)

    def asking(
        self, form: RecordForm, *, status: int = 200, lines: list[str] | None = None
    ) -> TemplateResponse:
        """The page that asks."""
        is_all = not self.act.asks_more
        subjects = self.subjects({} if is_all else None)
        form.begin_at_the_first()
        return self.page(form, subjects, status=status, lines=lines, confirmable=is_all)

    def subjects(self, wanted: dict[str, Any] | None) -> list[Subject]:
        """What would happen to each of the records, or who did it before."""
        wanted = None if self.together else wanted
        found = [(one, self.table.kind.subject(self.act, one, wanted)) for one in self.records]
        return [
            dataclasses.replace(subject, refused=self.refused(record, subject.refused))
            if subject.refused
            else subject
            for record, subject in found
        ]

    def page(
        self,
        form: RecordForm,
        subjects: list[Subject],
        *,
        status: int,
        confirmable: bool,
        **more: Any,
    ) -> TemplateResponse:
        """An act's page in either of its forms."""
        token = self.request.GET.get(asked.PARAMETER, "")
        any_possible = any(not subject.refused for subject in subjects)
        context = {
            **self.frame(),
            "form": form,
            "subjects": subjects,
            "withdrawn": [one for one in map(self.asked_before, self.records) if one],
            "together": self.together,
            "is_possible": any_possible,
            "confirmed": [subject.fingerprint for subject in subjects] if confirmable else [],
            "written": [] if any_possible else self.written(),
            "said": asked.said(form),
            "form_url": self.address(**{asked.PARAMETER: token, CHANGE: "1"}) if token else "",
            **more,
        }
        return shell.page(self.request, "support/act.html", context, status=status)

    def written(self) -> list[BoundField]:
        """What was written for an act that somebody else has made impossible meanwhile."""
        kept = asked.kept_for(self.request)
        return [] if kept is None else asked.own_words(self.form(kept))

    def frame(self) -> dict[str, Any]:
        """What each of an act's pages says."""
        beginning = self.act.beginning
        return {
            "beginning": beginning,
            "beginnings": beginning.choices() if beginning else [],
            "chosen": self.request.GET.get(CHOSEN, ""),
            "title": self.act.label,
            "act": self.act,
            "records": [record for record in self.records if record.pk],
            "way_back": way_back(self.records),
        }

    def address(self, **more: str) -> str:
        """The act's page for these records."""
        return self.table.address(self.act, [one.pk for one in self.records if one.pk], **more)

    def tell(self, record: Any, wanted: dict[str, Any]) -> str:
        """Do it to one record and say how it went, with the way to its audit entry; return what
        was done, if it was."""
        try:
            words, address = self.do(record, wanted)
        except LicensingError as refusal:
            messages.warning(self.request, self.refused(record, str(refusal)))
            return ""
        told = format_html('{} <a href="{}">Audit entry</a>', words, address)
        messages.success(self.request, told)
        return words

    def refused(self, record: Any, words: str) -> str:
        """Why it was not done, who did it before, and the way to what took the record's place."""
        before = self.act.before(record)
        told = f"{words} {before.words}".strip()
        if before.instead is None:
            return told
        where, called = page_of(before.instead), before.instead
        return format_html('{} <a href="{}">{}</a>', told, where, called)

    @transaction.atomic
    def do(self, record: Any, wanted: dict[str, Any]) -> tuple[str, str]:
        """Do it; return what to tell and the address of the entry that it left.

        Raise LicensingError when it cannot be done, or not any more.
        """
        if self.act.approved_by_a_second:
            return self.ask_for_approval(record)
        confirmed, by = self.request.POST.getlist("confirmed"), person(self.request).as_actor
        wanted, kind = dict(wanted), self.table.kind
        kept = wanted.pop("for_staff", NOTHING_KEPT)
        with kept_for_staff(kept):
            words = kind.carry_out(self.act, record, confirmed=confirmed, by=by, **wanted)
        why = f"{wanted['reason']} {kept}".strip()
        return words, note(record, words, why, person(self.request))

    def asked_before(self, record: Any) -> Approval | None:
        """What one asked for before, which gives way to this."""
        if not self.act.approved_by_a_second:
            return None
        return approvals.asked_before(self.table, self.act, record, person(self.request).as_actor)

    def ask_for_approval(self, record: Any) -> tuple[str, str]:
        """Have it wait for a second one; return what to tell and the address of the entry."""
        before = self.asked_before(record)
        form = self.form(self.request.POST, is_confirmed=True)
        form.is_valid()
        request = approvals.ask(
            self.table,
            self.act,
            record,
            form=form,
            confirmed=self.request.POST.getlist("confirmed"),
            by=person(self.request).as_actor,
        )
        words = f"{request}. It waits for a second member of staff, for 24 hours at most."
        if before:
            words += f" What you had asked for is withdrawn: {before}."
        return words, note(record, words, request.reason, person(self.request))


@once
def confirmed(request: HttpRequest, page: ActPage) -> HttpResponse:
    """Do what was confirmed, once, however often the form is sent."""
    form = page.form(request.POST, request.FILES, is_confirmed=True)
    if not page.possible:
        return do_to_each(request, page, {})
    return do_to_each(request, page, form.cleaned_data) if form.is_valid() else page.again(form)


def do_to_each(request: HttpRequest, page: ActPage, wanted: dict[str, Any]) -> HttpResponse:
    """Do it to each record and go back.

    Where nothing could be done, as somebody else was first, one comes back to what one wrote.
    """
    done = list(filter(None, [page.tell(record, wanted) for record in page.records]))
    if not done and (where := page.kept_at()):
        return HttpResponseRedirect(where)
    asked.end(request, done)
    if done and len(page.records) == 1:
        return HttpResponseRedirect(way_on(page.act, page.records[0], wanted))
    return HttpResponseRedirect(way_back(page.records))
