"""How pages answer whom they are not for, and how all of them are sent.

Who gets what at every address is in access_matrix.txt.
"""

from __future__ import annotations

import pytest

from tests.factories import make_session

PAGES = [
    "/",
    "/licences/",
    "/licences/{licence}/",
    "/sessions/",
    "/sessions/rows/",
    "/sessions/{session}/",
]


@pytest.fixture
def address(pool):
    """Fills in the ids of the account's licence, key and session."""
    session = make_session(pool)
    return lambda path: path.format(licence=pool.licence_id, key=pool.pk, session=session.pk)


def test_nobody_is_sent_to_sign_in_and_comes_back(client, address):
    led_to = {path: client.get(address(path))["Location"] for path in PAGES}

    assert led_to == {path: f"/accounts/login/?next={address(path)}" for path in PAGES}


@pytest.mark.parametrize("path", ["/settings/", "/settings/refusals/", "/api-tokens/"])
def test_what_only_owners_may_do_names_owners_alone(manager, path):
    response = manager.get(path)

    assert response.status_code == 403
    assert "An owner of your account can do it" in response.text


def test_what_managers_may_do_too_names_both(viewer, address):
    response = viewer.post(address("/sessions/{session}/release/"))

    assert "An owner or manager of your account can do it" in response.text


DESK = [
    "/support/", "/support/story/", "/support/requests/", "/support/leases/",
    "/support/retention/",
]  # fmt: skip
LAST = ["/settings/", "/audit/", "/reports/", "/requests/"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("who", "more"),
    [
        ("viewer", ["/reports/", "/requests/"]),
        ("manager", ["/audit/", "/reports/", "/requests/"]),
        (
            "owner",
            ["/people/", "/security/", "/api-tokens/", "/webhooks/", *LAST],
        ),
        ("staff", [*DESK, "/admin/"]),
    ],
)
def test_everybody_is_led_only_where_they_may_go(request, who, more):
    page = request.getfixturevalue(who).get("/", follow=True)

    first = [] if who == "staff" else ["/", "/licences/", "/sessions/", "/usage/", "/alerts/"]
    assert [item.url for item in page.context["nav"]] == first + more


def test_pages_are_never_stored(owner, address):
    answers = [owner.get(address(path)) for path in PAGES]

    assert {answer["Cache-Control"] for answer in answers} == {"no-store"}
    assert all("X-Requested-With" in answer["Vary"] for answer in answers)


@pytest.mark.parametrize(
    ("path", "part", "back_to"),
    [
        ("/sessions/rows/?v=1", "rows", "/sessions/%3Fstate%3Dheld"),
        ("/people/", "dialog", "/people/"),
    ],
)
def test_a_fragment_asked_for_by_nobody_sends_the_whole_page_to_sign_in(
    client, path, part, back_to
):
    seen = "http://testserver/sessions/?state=held"

    response = client.get(path, headers={"X-Requested-With": part, "Referer": seen})

    assert response.status_code == 401
    assert response["X-Go-To"] == f"/accounts/login/?next={back_to}"


def test_pages_carry_the_strict_policy(owner, address):
    policy = owner.get("/")["Content-Security-Policy"]

    assert "unsafe" not in policy
    assert "script-src 'self'" in policy
