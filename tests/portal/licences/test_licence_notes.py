"""The contact and the notes of a licence."""

from __future__ import annotations

import pytest

from licensing.models import AuditEntry
from portal.licences import notes
from portal.people import privacy
from tests.factories import TESTER
from tests.pages import told


def write(browser, key, name="", email="", text=""):
    sent = {"contact_name": name, "contact_email": email, "text": text}
    return browser.post(f"/licences/{key.licence_id}/notes/", sent)


def page(browser, key):
    return browser.get(f"/licences/{key.licence_id}/").text


def test_a_manager_writes_them_and_a_viewer_reads_them(manager, viewer, pool):
    write(manager, pool, "Ann Lee", "ann@example.com", "Licence server <room> 4.\nhttp://x.example")

    text = page(viewer, pool)

    assert 'Ann Lee<br><a href="mailto:ann@example.com">ann@example.com</a>' in text
    assert "Licence server &lt;room&gt; 4.<br>http://x.example" in text


def test_viewers_are_told_to_ask_the_contact_for_keys(viewer, account, pool):
    before = page(viewer, pool)
    notes.write(pool.licence, contact_name="Ann Lee", contact_email="", text="", by=TESTER)

    assert "Ask an owner of your account." in before
    assert "Ask Ann Lee." in page(viewer, pool)
    assert "Ask Ann Lee." in viewer.get(f"/licences/{pool.licence_id}/keys/{pool.pk}/").text


def test_the_record_says_what_changed_but_not_what_it_says(manager, pool):
    sentences = []
    for sent in [("Ann", "", ""), ("Ann", "", "Rack 4"), ("", "", "Rack 5")]:
        write(manager, pool, *sent)
        sentences.append(told())

    assert sentences == [
        "Tom Reed changed the contact of London planners.",
        "Tom Reed changed the notes of London planners.",
        "Tom Reed changed the contact and the notes of London planners.",
    ]
    details = str(list(AuditEntry.objects.values_list("details", flat=True)))
    assert "Rack" not in details
    assert "Ann" not in details


def test_the_same_again_leaves_no_entry(manager, pool):
    write(manager, pool, "Ann")
    entries = AuditEntry.objects.count()

    write(manager, pool, "Ann")

    assert AuditEntry.objects.count() == entries


@pytest.mark.parametrize(
    "sent", [{"name": "x" * 101}, {"email": "not an address"}, {"text": "x" * 2001}]
)
def test_what_is_too_long_or_no_address_is_refused(manager, pool, sent):
    assert write(manager, pool, **sent).status_code == 422
    assert notes.of(pool.licence).pk is None or not notes.of(pool.licence).contact_name


def test_readers_of_aliases_do_not_read_notes(viewer, account, pool):
    notes.write(pool.licence, contact_name="Ann", contact_email="", text="For anna", by=TESTER)

    privacy.show_aliases(account, True, by=TESTER)

    assert "For anna" not in page(viewer, pool)


@pytest.mark.parametrize(("who", "status"), [("viewer", 403), ("stranger", 404), ("staff", 404)])
def test_others_may_not(request, who, status, pool):
    assert write(request.getfixturevalue(who), pool, "Mine").status_code == status
    assert "Contact and notes" not in page(request.getfixturevalue("viewer"), pool)
