"""Orders are found by their reference, and an account's page has what each did."""

from __future__ import annotations

import datetime as dt

from django.db.models import F

from licensing import planned_seats
from licensing.models import Licence, PlannedSeats
from support.words import day
from tests.factories import TESTER, days_from_today, make_pool
from tests.support.acting import do, record, text_of

ORDER = {"order_reference": "SO-10432"}


def test_an_order_opens_its_licence_or_lists_all_that_it_changed(sales, planners):
    licence = planners.licence
    do(sales, "licence", "seats", licence, seats="+1", **ORDER)
    do(sales, "licence", "term", licence, ends_on="2090-01-31", **ORDER)

    assert sales.get("/support/find/", {"q": "so-10432"})["Location"] == record(licence)
    other = make_pool(2, name="Estimators").licence
    do(sales, "licence", "seats", other, seats="3", **ORDER)
    page = text_of(sales.get("/support/find/", {"q": "SO-10432"}))
    assert f"London planners of {licence.account}" in page
    assert ": Change user limit, Change term" in page
    assert f"Estimators of {other.account}" in page


def test_what_is_sold_stands_on_the_accounts_page_with_its_order(sales, planners):
    account = planners.account
    asked = {"product": "asta-powerproject", "usage_model": "concurrent", "seats": "4",
             "policy": "Friendly", "name": "Site team"}  # fmt: skip
    do(sales, "account", "sell", account, **asked, **ORDER)
    make_pool(2)

    page = sales.get(f"/support/accounts/{account.pk}/orders/")

    lines = [(line.record.reference, line.what, str(line.record.licence))
             for line in page.context["rows"]]  # fmt: skip
    assert lines == [("SO-10432", "Sell a licence", "Site team")]
    assert Licence.objects.get(name="Site team").order_references.get().act == "sell"
    assert "SO-10432 Sell a licence Site team 4" in text_of(page)


def test_what_an_order_changes_later_is_not_told_as_done(sales, planners):
    licence, later = planners.licence, [days_from_today(5), days_from_today(6)]
    for on in later:
        do(sales, "licence", "seats", licence, seats="+1", on=on.isoformat(), **ORDER)
    first, second = PlannedSeats.objects.order_by("on")

    def told():
        page = sales.get(f"/support/accounts/{licence.account_id}/orders/")
        return sorted(line.what for line in page.context["rows"])

    assert told() == [f"Change user limit (planned for {day(on)})" for on in later]
    planned_seats.cancel(second, by=TESTER)
    PlannedSeats.objects.filter(pk=first.pk).update(on=F("on") - dt.timedelta(days=6))
    planned_seats.carry_out(first.pk)
    assert told() == ["Change user limit", "Change user limit (cancelled)"]
