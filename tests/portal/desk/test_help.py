"""Help, the list of shortcuts, and the page that says how the service is."""

from __future__ import annotations

import re

import pytest
from django.db.migrations.recorder import MigrationRecorder

from portal import tasks
from portal.models import User
from tests.portal.people.forms import PROFILE


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["owner", "viewer", "staff"])
def test_everybody_reads_the_help(request, who):
    text = request.getfixturevalue(who).get("/help/").text

    anchors = re.findall('<a class="chip" href="#([^"]+)"', text)
    assert anchors == [
        "seats", "grace", "release", "states", "move", "keys", "group-policy", "ask",
    ]  # fmt: skip
    assert all(f'<h2 id="{anchor}">' in text for anchor in anchors)


def test_the_help_says_what_a_closed_program_can_do_offline(owner):
    text = owner.get("/help/").text

    assert "a program that was closed properly can be opened again offline" in text
    assert "needs the internet to start." not in text


def test_the_help_names_whom_to_ask(owner, viewer):
    assert "Ask Priya Shah." in viewer.get("/help/").text


def keys_of(browser):
    """The keys that the list of shortcuts names after "g"."""
    text = browser.get("/help/shortcuts/").text
    return re.findall("<kbd>g</kbd> <kbd>(.)</kbd>", text)


def test_the_help_leads_those_who_may_to_the_page_of_leavers(manager, viewer):
    assert 'href="/people/leaver/"' in manager.get("/help/").text
    assert 'href="/people/leaver/"' not in viewer.get("/help/").text


def test_the_list_of_shortcuts_names_the_pages_that_one_may_open(owner, viewer):
    assert keys_of(owner) == ["h", "l", "s", "u", "a"]
    assert keys_of(viewer) == ["h", "l", "s", "u"]


def test_shortcuts_are_on_until_they_are_turned_off(owner):
    def is_on():
        return "shortcuts.js" in owner.get("/").text

    assert is_on()
    owner.post("/profile/", PROFILE)
    assert not is_on()
    assert "They are off." in owner.get("/help/shortcuts/").text
    owner.post("/profile/", PROFILE | {"uses_shortcuts": "on"})
    assert is_on()
    assert User.objects.get(email="priya@example.com").uses_shortcuts


def test_the_foot_says_what_the_sheet_promises(owner):
    foot = owner.get("/licences/").text.partition("<footer")[2]

    words = re.findall(r">\s*([^<>]*\w[^<>]*?)\s*<", foot.partition("</footer>")[0])
    assert [words[0], *words[2:]] == [
        "Status", "Times are in Europe/London (GMT)", "Shortcuts", "Contact support",
    ]  # fmt: skip


def states(client):
    """The answer's status, and the state of each part of the service."""
    response = client.get("/status/")
    return response.status_code, [part.state for part in response.context["parts"]]


@pytest.mark.django_db
def test_the_status_is_open_to_anybody(client):
    assert states(client) == (200, [*["working"] * 3, "delayed"])
    tasks.note_background_work()
    assert states(client) == (200, ["working"] * 4)


@pytest.mark.django_db
def test_the_status_says_what_is_down(client):
    MigrationRecorder.Migration.objects.filter(app="licensing").latest("pk").delete()

    assert states(client)[0] == 503
    assert "Programs that are open go on in their grace period." in client.get("/status/").text
