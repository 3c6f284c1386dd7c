"""Bringing a FlexNet or RLM options file: shown first, then all or nothing."""

from __future__ import annotations

from django.core.files.uploadedfile import SimpleUploadedFile

from licensing.models import AccessRule
from tests.factories import AccountFactory, make_client, make_pool, make_session
from tests.kept import kept
from tests.support.acting import check, confirm, foretold, told, wrong


@kept
def account():
    account = AccountFactory(name="Brook & Co")
    make_pool(name="Planner", account=account)
    return account


def upload(client, account, content, dialect="flexnet"):
    file = SimpleUploadedFile("vendor.opt", content.encode())
    return check(client, "account", "import-options", account, file=file, dialect=dialect)


def test_is_shown_and_then_done_once(sales, account):
    page = upload(sales, account, "INCLUDE planner HOST cad-1\nTIMEOUT planner 3600\n")
    shown = foretold(page)
    assert not AccessRule.objects.exists()

    answer, again = confirm(sales, page), confirm(sales, page)

    assert shown[0].startswith("Brook & Co gets 1 access rule")
    assert "NOBODY ELSE" in shown[1]
    assert shown[-1].startswith("No counterpart: Line 2: TIMEOUT planner 3600: a seat whose")
    assert told(answer)[0] == "Added 1 access rule to Brook & Co; 1 line has no counterpart."
    assert told(again)[-1].startswith("Brook & Co was changed by somebody else")
    assert AccessRule.objects.count() == 1
    once_more = upload(sales, account, "INCLUDE planner HOST cad-1\nTIMEOUT planner 3600\n")
    assert wrong(once_more)["__all__"] == [
        "There is nothing to make: 1 rule of the file is there already."
    ]
    assert "No counterpart: Line 2: TIMEOUT" in once_more.text


def test_whose_seats_would_be_lost_is_told_and_asked_where_they_are_most(sales, account):
    key = account.licences.get().keys.get()
    for name in ("jsmith", "mmiller", "tnew"):
        make_session(key, make_client(username=name, machine_name="CAD-1"))
    rule = "EXCLUDE planner USER tnew\n"

    one = foretold(upload(sales, account, rule))
    most = upload(sales, account, "INCLUDE planner USER jsmith\n" + rule)
    meant = sales.post(
        most.request["PATH_INFO"] + "?" + most.request["QUERY_STRING"],
        {"carried_list": most.context["form"].packed(), "dialect": "flexnet", "everybody": "on"},
        follow=True,
    )

    lose = "Just now: 2 open sessions lose their seats at the next refresh"
    assert "Just now: 1 open session loses its seat at the next refresh (tnew on CAD-1)." in one
    assert wrong(most)["everybody"] == [
        "This would take the seats of 2 of the 3 people who have one now (mmiller, tnew). "
        "Mend the file, or confirm it here."
    ]
    assert f"{lose} (mmiller on CAD-1, tnew on CAD-1)." in foretold(meant)
    confirm(sales, meant)
    assert AccessRule.objects.filter(effect="allow").exists()


def test_a_line_that_is_not_right_stops_all_of_it(sales, account):
    page = upload(sales, account, "EXCLUDE planner HOST cad-1\nEXCLUDE planner HOST\n", "rlm")

    heading, line = wrong(page)["__all__"]
    assert heading.startswith("Nothing was made: 1 line is not right.")
    assert line.startswith("Line 2: EXCLUDE planner HOST: After EXCLUDE come a product")
    assert not AccessRule.objects.exists()
