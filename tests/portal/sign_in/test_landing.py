"""Who signs in lands on a page that is theirs, whatever page was asked for before."""

from __future__ import annotations

import pytest
from django.test import Client

from portal.models import Role
from tests.factories import PASSWORD, MembershipFactory, UserFactory
from tests.people import signed_in


@pytest.mark.parametrize(
    ("role", "wanted", "leads_to"),
    [
        (Role.VIEWER, "/people/invite/", "/"),
        (Role.VIEWER, "/admin/", "/"),
        (Role.VIEWER, "/sessions/?q=x", "/sessions/?q=x"),
        (Role.OWNER, "/people/invite/", "/people/invite/"),
        (Role.VIEWER, "/nowhere/", "/nowhere/"),
    ],
)
def test_one_lands_where_one_may_be(db, role, wanted, leads_to):
    user = MembershipFactory(role=role).user
    asked = {"login": user.email, "password": PASSWORD}

    answer = Client().post(f"/accounts/login/?next={wanted}", asked | {"next": wanted})

    assert answer["Location"] == leads_to


def test_the_desks_pages_are_told_as_such(db):
    owner = signed_in(MembershipFactory(role=Role.OWNER).user)

    for browser in (owner, signed_in(UserFactory())):
        page = browser.get("/admin/", follow=True)
        assert page.status_code == 403
        assert "This page is for the vendor" in page.text
