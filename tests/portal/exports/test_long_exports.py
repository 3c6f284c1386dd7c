"""Long lists as files: made in the background, for the person who ordered them."""

from __future__ import annotations

import datetime as dt
import io
import os

import pytest
from django.utils import timezone
from openpyxl import load_workbook
from openpyxl.worksheet._writer import ALL_TEMP_FILES

from licensing.models import AuditEntry
from portal.exports import files
from portal.models import Export, Membership, Role, User
from portal.tasks import make_exports, tidy_up
from tests.factories import AccountFactory, ago, make_client, make_session
from tests.pages import said
from tests.portal.exports.files import UNCLOSED, content, export, files_of, no_room


def leave_for_another(membership):
    membership.account = AccountFactory()
    membership.save(update_fields=["account"])


def be_locked_out(membership):
    User.objects.filter(pk=membership.user_id).update(is_active=False)


def may_see_less(membership):
    membership.role = Role.VIEWER
    membership.save(update_fields=["role"])


class TestALongOne:
    @pytest.fixture(autouse=True)
    def few_at_once(self, monkeypatch):
        monkeypatch.setattr(files, "MOST_AT_ONCE", 1)

    @pytest.fixture
    def ordered(self, owner, pool):
        make_session(pool, make_client(username="anna"))
        make_session(pool, make_client(username="bert"))
        return export(owner, kind="xlsx", query="sort=user", next="/sessions/?sort=user")

    def test_is_made_in_the_background(self, owner, ordered):
        assert ordered["Location"] == "/sessions/?sort=user"
        [(tone, text)] = said(ordered)
        assert (tone, text) == (
            "info",
            "These are 2 rows. We are preparing the file and will send a link to "
            "priya@example.com.",
        )
        assert owner.get(f"/exports/{Export.objects.get().pk}/").status_code == 404

    def test_comes_by_mail(self, owner, ordered, mailoutbox):
        make_exports()

        [message] = mailoutbox
        made = Export.objects.get()
        assert made.ends_at - made.ready_at == dt.timedelta(days=14)
        assert message.to == ["priya@example.com"]
        assert message.subject.startswith("Your export is ready until ")
        assert f"http://testserver/exports/{made.pk}/" in message.body
        book = load_workbook(io.BytesIO(content(owner.get(f"/exports/{made.pk}/"))))
        assert [row[0] for row in book.active.values] == ["User", "anna", "bert"]
        assert AuditEntry.objects.filter(action="list_exported").count() == 1

    def test_is_made_once(self, ordered):
        assert files.make_ordered() == 1
        assert files.make_ordered() == 0

    def test_is_made_again_when_its_worker_died(self, ordered):
        Export.objects.update(started_at=timezone.now() - dt.timedelta(minutes=11))

        assert files.make_ordered() == 1

    def test_is_given_up_after_a_day(self, ordered):
        tidy_up()
        assert Export.objects.count() == 1
        Export.objects.update(created_at=ago(hours=25))

        assert files.make_ordered() == 0
        tidy_up()
        assert Export.objects.get().failed_at

    @UNCLOSED
    def test_is_told_when_it_does_not_fit(self, owner, ordered, mailoutbox):
        with no_room():
            make_exports()

        failed = Export.objects.get()
        [message] = mailoutbox
        page = owner.get(f"/exports/{failed.pk}/")
        assert message.subject == "Your export could not be made"
        assert (page.status_code, "Nothing was exported." in page.text) == (410, True)
        assert files_of(failed) == []
        assert not any(map(os.path.exists, ALL_TEMP_FILES))
        assert files.make_ordered() == 0

    def test_whose_file_is_gone_says_so(self, owner, ordered):
        make_exports()
        made = Export.objects.get()
        made.file.storage.delete(made.file.name)

        assert owner.get(f"/exports/{made.pk}/").status_code == 410

    def test_replaces_the_part_that_a_dead_worker_left(self, owner, ordered):
        made = Export.objects.get()
        made.file.storage.save(f"exports/{made.pk}.xlsx", io.BytesIO(b"a part"))

        make_exports()

        assert files_of(made) == [f"{made.pk}.xlsx"]

    def test_is_for_the_person_who_ordered_it(self, ordered, manager, stranger, client):
        make_exports()
        address = f"/exports/{Export.objects.get().pk}/"

        assert manager.get(address).status_code == 404
        assert stranger.get(address).status_code == 404
        assert client.get(address)["Location"] == f"/accounts/login/?next={address}"

    @pytest.mark.parametrize("gone", [leave_for_another, be_locked_out, may_see_less])
    def test_is_not_made_for_somebody_who_may_not_see_it_any_more(self, ordered, gone):
        Export.objects.update(listed="audit")
        gone(Membership.objects.get())

        make_exports()

        assert not Export.objects.exists()

    def test_ends_after_fourteen_days(self, owner, ordered):
        make_exports()
        made = Export.objects.get()
        Export.objects.update(ends_at=timezone.now() - dt.timedelta(seconds=1))
        assert owner.get(f"/exports/{made.pk}/").status_code == 404

        tidy_up()

        assert not made.file.storage.exists(made.file.name)
        assert not Export.objects.exists()
