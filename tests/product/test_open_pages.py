"""Which pages are open to people for whom the others are not: a new one is noticed here."""

from __future__ import annotations

import re

import pytest

from portal.views.access import (
    IS_OF_ONES_OWN_WAY,
    IS_OPEN_WHILE_CLOSED,
    IS_OPEN_WITHOUT_TWO_STEP,
    is_marked,
)
from tests.product import every_url

TOKENS_TELL_WHO_ASKS = re.compile(r"/(api/v1/(sessions|account/)|\.well-known/|healthz$|readyz$)")
SIGNING_IN = "/accounts/"
VENDORS = ("/admin/", "/support/")


@pytest.fixture(scope="module")
def pages():
    """Every address of a page, as it is resolved: the first of each path."""
    found = {}
    for address in every_url.every_address():
        if not TOKENS_TELL_WHO_ASKS.match(address.path):
            found.setdefault(address.path, address)
    return list(found.values())


def names(pages, mark, apart_from=()):
    """Which of the pages are marked so, but for those below these addresses."""
    return {
        page.name
        for page in pages
        if is_marked(page.view, mark) and not page.path.startswith(apart_from)
    }


def test_without_two_steps_one_signs_in_and_sees_to_oneself(pages):
    assert names(pages, IS_OPEN_WITHOUT_TWO_STEP, apart_from=(SIGNING_IN,)) == {
        "portal:change_email",
        "portal:profile",
        "portal:set_language",
        "portal:set_theme",
        "portal:switch_account",
        "portal:switch_and_send",
    }


def test_in_a_closed_account_one_is_told_why_and_who_helps(pages):
    also = names(pages, IS_OPEN_WHILE_CLOSED, apart_from=(SIGNING_IN, *VENDORS))

    assert also - names(pages, IS_OPEN_WITHOUT_TWO_STEP) == {
        "api:docs",
        "api:problems",
        "api:schema",
        "portal:ask_for_invitation",
        "portal:calendar",
        "portal:alert_feed",
        "portal:closed",
        "portal:confirm_by_provider",
        "portal:confirm_email",
        "portal:help",
        "portal:invitation",
        "portal:own_way",
        "portal:shortcuts",
        "portal:single_sign_on",
        "portal:status",
        "portal:stop_report",
        "portal:stop_alert_mails",
        "portal:without_provider",
    }


def test_whoever_came_by_a_provider_leaves_these_ways_in_alone(pages):
    assert names(pages, IS_OF_ONES_OWN_WAY) == {
        "account_change_password",
        "account_set_password",
        "mfa_activate_totp",
        "mfa_add_webauthn",
        "mfa_authenticate",
        "mfa_deactivate_totp",
        "mfa_download_recovery_codes",
        "mfa_edit_webauthn",
        "mfa_generate_recovery_codes",
        "mfa_index",
        "mfa_list_webauthn",
        "mfa_login_webauthn",
        "mfa_reauthenticate",
        "mfa_reauthenticate_webauthn",
        "mfa_remove_webauthn",
        "mfa_view_recovery_codes",
        "portal:change_email",
    }


@pytest.mark.parametrize(
    ("below", "mark"),
    [
        (SIGNING_IN, IS_OPEN_WITHOUT_TWO_STEP),
        (SIGNING_IN, IS_OPEN_WHILE_CLOSED),
        (VENDORS, IS_OPEN_WHILE_CLOSED),
    ],
)
def test_no_page_below_these_addresses_is_left_out(pages, below, mark):
    theirs = [page for page in pages if page.path.startswith(below)]

    assert len(theirs) > 1
    assert [page.path for page in theirs if not is_marked(page.view, mark)] == []
