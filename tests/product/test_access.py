"""Who may open which page: the account's people, another account's, staff, nobody."""

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
OF_ONE_ACCOUNT = [page for page in PAGES if "{" in page]
ACTS = [
    "/sessions/{session}/release/",
    "/licences/{licence}/keys/{key}/reveal/",
]


@pytest.fixture
def address(pool):
    """Fills in the ids of the account's licence, key and session."""
    session = make_session(pool)
    return lambda path: path.format(licence=pool.licence_id, key=pool.pk, session=session.pk)


@pytest.mark.parametrize("path", PAGES)
def test_owners_and_viewers_see_every_page(owner, viewer, address, path):
    answers = [browser.get(address(path)).status_code for browser in (owner, viewer)]

    assert answers == [200, 200]


@pytest.mark.parametrize("path", PAGES)
def test_nobody_is_sent_to_sign_in(client, address, path):
    response = client.get(address(path))

    assert response.status_code == 302
    assert response["Location"] == f"/accounts/login/?next={address(path)}"


@pytest.mark.parametrize("path", OF_ONE_ACCOUNT)
def test_another_account_finds_nothing(stranger, address, path):
    assert stranger.get(address(path)).status_code == 404


@pytest.mark.parametrize("act", ACTS)
def test_another_account_cannot_act(stranger, address, act):
    assert stranger.post(address(act)).status_code == 404


@pytest.mark.parametrize("act", ACTS)
def test_viewers_are_refused(viewer, address, act):
    assert viewer.post(address(act)).status_code == 403


@pytest.mark.parametrize("path", ["/settings/", "/settings/refusals/", "/api-tokens/"])
def test_what_only_owners_may_do_names_owners_alone(manager, path):
    response = manager.get(path)

    assert response.status_code == 403
    assert "An owner of your account can do it" in response.text


def test_what_managers_may_do_too_names_both(viewer, address):
    response = viewer.post(address(ACTS[0]))

    assert "An owner or manager of your account can do it" in response.text


@pytest.mark.parametrize("act", ACTS)
def test_nobody_cannot_act(client, address, act):
    assert client.post(address(act))["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize("act", ACTS)
def test_an_act_is_no_page(owner, address, act):
    assert owner.get(address(act)).status_code == 405


@pytest.mark.parametrize("path", [page for page in PAGES if page != "/"] + ACTS)
def test_staff_without_an_account_use_the_console_instead(staff, address, path):
    ask = staff.post if path in ACTS else staff.get

    assert ask(address(path)).status_code == 404


@pytest.mark.parametrize(
    ("who", "more"),
    [
        ("viewer", ["/requests/"]),
        ("manager", ["/audit/", "/requests/"]),
        (
            "owner",
            ["/people/", "/security/", "/api-tokens/", "/settings/", "/audit/", "/requests/"],
        ),
        ("staff", ["/support/", "/admin/"]),
    ],
)
def test_everybody_is_led_only_where_they_may_go(request, who, more):
    page = request.getfixturevalue(who).get("/", follow=True)

    first = [] if who == "staff" else ["/", "/licences/", "/sessions/", "/usage/denials/"]
    assert [item.url for item in page.context["nav"]] == first + more


@pytest.mark.parametrize("path", PAGES)
def test_pages_are_never_stored(owner, address, path):
    response = owner.get(address(path))

    assert response["Cache-Control"] == "no-store"
    assert "X-Requested-With" in response["Vary"]


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
