"""Machines as programs know them, found by the search in the bar of every page."""

from __future__ import annotations

from tests.factories import make_client, make_session


def test_a_machine_leads_to_its_page_whoever_works_there(owner, pool):
    for username, spelling in (("anna", "CAD-017"), ("ben", "cad-017")):
        make_session(pool, make_client(username=username, machine_name=spelling))

    groups = owner.get("/search/", {"q": "cad-017"}).context["groups"]

    [machines] = [group for group in groups if group.title == "Machines"]
    assert [hit.url.lower() for hit in machines.hits] == ["/machine/?name=cad-017"]
    assert machines.url == "/sessions/?q=cad-017"
