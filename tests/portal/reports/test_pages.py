"""Ordering reports and what may be done with them, on pages."""

from __future__ import annotations

from portal.models import Report, Role
from tests.pages import last_entry
from tests.people import browser_of
from tests.portal.reports.ordered import make_view, member, order

FORM = {"what": "summary", "every": "week", "format": "xlsx"}


def do(browser, report, act, **form):
    """The answer to an act whose page was read."""
    return browser.post(f"/reports/{report.pk}/{act}/", form)


def test_an_owner_orders_changes_pauses_sends_and_ends_one(owner, viewer, account, mailoutbox):
    [priya, vic] = [member(account, role).user for role in (Role.OWNER, Role.VIEWER)]
    owner.post("/reports/order/", FORM | {"readers": [priya.pk, vic.pk]})
    report = Report.objects.get()
    assert last_entry()[0] == "report_ordered"
    twice = owner.post("/reports/order/", FORM | {"readers": [vic.pk, priya.pk]})
    assert "You have this one already." in twice.text
    assert Report.objects.count() == 1
    page = owner.get("/reports/").text
    assert "Summary of use" in page
    assert "Priya Shah, Vic Viewer" in page

    owner.post(f"/reports/{report.pk}/change/", FORM | {"every": "month", "readers": [priya.pk]})
    report.refresh_from_db()
    assert (report.every, report.next_on.day, report.places.count()) == ("month", 1, 1)
    do(owner, report, "pause")
    assert "Paused" in owner.get("/reports/").text
    do(owner, report, "resume")
    do(owner, report, "send")
    assert len(mailoutbox) == 1
    assert last_entry()[0] == "report_sent"
    do(owner, report, "end")
    assert not Report.objects.exists()


def test_viewers_order_for_themselves_and_touch_nobody_elses(owner, viewer, account, stranger):
    priya, vic = member(account, Role.OWNER), member(account, Role.VIEWER)
    refused = viewer.post("/reports/order/", FORM | {"readers": [priya.user_id]})
    assert refused.status_code == 422
    viewer.post("/reports/order/", FORM | {"readers": [vic.user_id]})
    assert Report.objects.get().person == vic.user

    of_others = order(priya, readers=[priya.user])
    shared = order(priya, readers=[priya.user, vic.user])
    for report, status in ((of_others, 404), (shared, 403)):
        assert do(viewer, report, "end").status_code == status
        assert do(stranger, report, "end").status_code == 404
    assert len(viewer.get("/reports/").context["rows"]) == 2
    assert len(browser_of(account, Role.MANAGER).get("/reports/").context["rows"]) == 3


def test_unsharing_a_view_tells_whom_its_reports_no_longer_reach(owner, manager, account):
    priya, tom = member(account, Role.OWNER), member(account, Role.MANAGER)
    view = make_view(tom, name="Held")
    report = order(priya, "view", readers=[priya.user, tom.user], view=view)

    assert "no longer reaches Priya Shah." in manager.get(f"/views/{view.pk}/rename/").text
    manager.post(f"/views/{view.pk}/rename/", {"name": "Secret"})
    for page in (owner.get("/reports/").text, owner.get(f"/reports/{report.pk}/send/").text):
        assert "Nothing goes to those who may not see the view: Priya Shah." in page
        assert f"A view that only {tom.user} sees" in page
        assert "Secret" not in page
    assert "1 person gets it by mail." in page


def test_a_view_that_is_ones_own_goes_to_nobody_else(owner, viewer, account):
    priya, vic = member(account, Role.OWNER), member(account, Role.VIEWER)
    view = make_view(priya, is_shared=False, name="Held in London")
    form = FORM | {"what": f"view-{view.pk}", "readers": [priya.user_id, vic.user_id]}

    page = owner.post("/reports/order/", form)
    assert page.status_code == 422
    assert "Share it first" in page.text
    owner.post("/reports/order/", form | {"readers": [priya.user_id]})
    assert str(Report.objects.get()) == "View “Held in London”"
    asked = owner.get(f"/reports/{Report.objects.get().pk}/send/").text
    assert "Send the report “Held in London” now?" in asked
    assert f"view-{view.pk}" not in viewer.get("/reports/order/").text
