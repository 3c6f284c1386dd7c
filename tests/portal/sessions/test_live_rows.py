"""The rows of active sessions, asked for while somebody looks at them."""

from __future__ import annotations

import datetime as dt

import pytest

from licensing import sessions
from licensing.models import Licence
from tests.factories import make_pool, make_session, make_single_user


class TestLiveRows:
    def version(self, browser):
        return browser.get("/sessions/").context["list"].version

    def poll(self, browser, version):
        return browser.get("/sessions/rows/", {"v": version}, headers={"X-Requested-With": "rows"})

    def test_says_nothing_when_nothing_changed(self, owner, four, django_assert_num_queries):
        version = self.version(owner)

        with django_assert_num_queries(4):
            response = self.poll(owner, version)

        assert (response.status_code, response.content) == (204, b"")

    def test_answers_with_the_parts_that_change(self, owner, four):
        response = self.poll(owner, "old")

        assert response.status_code == 200
        assert response.text.lstrip().startswith("<tbody")
        assert "<html" not in response.text
        for part in ("session-rows", "session-chips", "session-foot"):
            assert f'id="{part}"' in response.text

    def test_a_new_session_is_a_change(self, owner, pool):
        version = self.version(owner)
        make_session(pool)

        assert self.poll(owner, version).status_code == 200

    def test_an_end_is_a_change(self, owner, pool):
        session = make_session(pool)
        version = self.version(owner)
        sessions.close(session.pk)

        assert self.poll(owner, version).status_code == 200

    @pytest.mark.parametrize("make_key", [make_pool, make_single_user])
    def test_a_refresh_is_a_change(self, owner, account, make_key):
        session = make_session(make_key(account=account))
        version = self.version(owner)
        sessions.refresh(session.pk)

        assert self.poll(owner, version).status_code == 200

    def test_turning_quiet_is_a_change(self, owner, pool):
        make_session(pool, refreshed=dt.timedelta(seconds=400))
        version = self.version(owner)
        assert self.poll(owner, version).status_code == 204

        # Time cannot pass in a test, so the time after which it is quiet becomes shorter.
        Licence.objects.update(grace_period=dt.timedelta(seconds=600))

        assert self.poll(owner, version).status_code == 200

    def test_what_happens_in_another_account_is_none(self, owner, pool):
        version = self.version(owner)
        make_session(make_pool())

        assert self.poll(owner, version).status_code == 204
