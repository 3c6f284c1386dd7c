"""A form that is sent twice does once what it asks for, and is answered alike."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.db.models.functions import Now

from portal.exports import files
from portal.models import ApiToken, Scope, SentForm
from portal.sent import forms as sent_forms
from portal.sent import page_marks
from portal.urls import urlpatterns
from tests.factories import PUBLIC, days_from_today, make_session
from tests.pages import said
from tests.portal.sent.marks import INVITATION, mark_on
from tests.product import every_url
from tests.product.access_matrix import PEOPLE, TABLE

WHY = "Routine, as every year"
NATURALLY_ONCE = {
    "account_zone": "the zone is the same afterwards",
    "ask_for_invitation": "owners are asked once for each invitation",
    "cancel_invitation": "it is cancelled once",
    "change_alert_rule": "the rule is the same afterwards",
    "change_role": "the role is the same afterwards",
    "change_report": "the report is the same afterwards",
    "change_webhook": "the webhook is the same afterwards",
    "check_domain": "a look at the DNS",
    "choose_columns": "the columns are the same afterwards",
    "confirm_email": "a code is used once",
    "delete_view": "it is gone afterwards",
    "download_deployment": "a file each time, of which the record tells",
    "end_overlap": "it ends once",
    "export_audit": "a file each time; a long one is ordered by `exports.order`, once",
    "export_denials": "as above",
    "export_licences": "as above",
    "export_machines": "as above",
    "export_sessions": "as above",
    "export_usage": "as above",
    "export_usage_days": "as above",
    "export_usage_levels": "as above",
    "export_usage_groups": "as above",
    "export_usage_other_model": "as above",
    "export_usage_people": "as above",
    "export_usage_sessions": "as above",
    "export_usage_sizes": "as above",
    "export_usage_versions": "as above",
    "export_usage_week": "as above",
    "free_device": "a device is freed once",
    "free_devices": "a device is freed once",
    "get_alert_mails": "they come afterwards",
    "invitation": "an invitation is used once",
    "lift_rule": "a rule ends once",
    "offline_policy": "the policy is the same afterwards",
    "own_way": "it leads to sign-in",
    "pause_alert_rule": "it is paused from now on",
    "privacy": "its effects are those that were read",
    "profile": "it is the same afterwards",
    "release_session": "a session is released once",
    "release_sessions": "a session is released once",
    "remove_alert_rule": "it is gone afterwards",
    "remove_domain": "it is gone afterwards",
    "remove_alert_feed": "it is gone afterwards",
    "remove_calendar": "it is gone afterwards",
    "pause_report": "it is paused afterwards",
    "resume_report": "it is sent again afterwards",
    "stop_report": "it is stopped once",
    "remove_person": "it is gone afterwards",
    "remove_webhook": "it is gone afterwards",
    "renew_sso": "a look at the provider",
    "require_sso": "it is required afterwards",
    "require_two_step": "it is required afterwards",
    "reveal_key": "it is shown each time, and the record tells of each",
    "reveal_webhook_secret": "it is shown each time, and the record tells of each",
    "revoke_api_token": "it is revoked once",
    "revoke_key": "it is revoked once",
    "set_language": "the language is the same afterwards",
    "set_theme": "the theme is the same afterwards",
    "sign_out_after": "the time is the same afterwards",
    "single_sign_on": "it leads to sign-in",
    "snooze": "it is put off from now on",
    "snooze_alert": "it is put off from now on",
    "sso_newcomers": "the choice is the same afterwards",
    "sso_settings": "the settings are the same afterwards",
    "stop_alert_mails": "they come no longer",
    "stop_mails_of_alert": "they come no longer",
    "stop_rule_mails": "they come no longer",
    "stop_requiring_sso": "it is required no longer",
    "stop_requiring_two_step": "it is required no longer",
    "switch_account": "the account is the same afterwards",
    "switch_and_send": "the form that is sent on says it",
    "test_sso": "it leads to the provider",
    "told_when_refused": "it says the same afterwards",
    "turn_on_alert_rule": "it is on afterwards",
    "turn_off_sso": "it is off afterwards",
    "turn_off_webhook": "it is off afterwards",
    "turn_on_webhook": "it is on afterwards",
    "undo_release": "a release is undone once",
    "undo_tags": "a change is turned back once",
    "unlink_person": "it is gone afterwards",
    "verify_audit": "a look at the record",
    "wake_alerts": "nothing is put off afterwards",
    "wake": "nothing is put off afterwards",
    "working_hours": "the hours are the same afterwards",
    "withdraw_request": "it is withdrawn once",
    "without_provider": "it is open afterwards",
}
"""What takes forms and needs no guard, and why."""


def test_every_form_does_once_what_it_asks_for_or_is_so_by_nature():
    table = every_url.read_table(TABLE.read_text(), PEOPLE)
    cells = {row: people["owner"] for row, people in table.items() if row.startswith("portal:")}
    takes_forms = {row for row, cell in cells.items() if cell.split("/")[1] != "x"}
    guarded = {
        pattern.name: getattr(pattern.callback, "does_once", False)
        for subject in urlpatterns
        for pattern in subject.url_patterns
        if f"portal:{pattern.name}" in takes_forms
    }

    assert {name for name, is_guarded in guarded.items() if not is_guarded} == set(NATURALLY_ONCE)


@pytest.fixture
def forms(owner, account, pool):
    """Forms that make something: where each is, what is filled in, and how many there are then."""
    session = make_session(pool)
    licence = pool.licence
    rule = {"scope": "licence", "reason": WHY}
    allowed = rule | {"username": session.username}  # leaves nobody out: nothing is asked
    token = {"name": "BI", "scopes": [Scope.LICENCES], "ends_on": days_from_today(30)}
    view = {"name": "Held"}
    help_ = {"kind": "help", "text": "Please call."}
    domain = {"name": "brook.example"}
    webhook = {"address": PUBLIC, "which": "all"}
    priya = account.memberships.get(role="owner").user_id
    report = {"what": "summary", "every": "week", "format": "csv", "readers": [priya]}
    alert_rule = {"event": "session_released", "roles": ["owner"]}
    return {
        "/people/invite/": (INVITATION, account.invitations),
        "/requests/new/": (help_, account.requests),
        "/api-tokens/add/": (token, ApiToken.objects),
        "/webhooks/add/": (webhook, account.webhooks),
        "/alerts/rules/add/": (alert_rule, account.alert_rules),
        "/views/sessions/save/": (view, account.saved_views),
        "/reports/order/": (report, account.reports),
        f"/licences/{licence.pk}/keys/add/": ({"label": "Leeds", "reason": WHY}, licence.keys),
        f"/licences/{licence.pk}/rules/add/": (rule | {"username": "a"}, account.access_rules),
        f"/licences/{licence.pk}/rules/allow/": (allowed, account.access_rules),
        f"/sessions/{session.pk}/block/": (rule | {"whom": "user"}, account.access_rules),
        "/security/single-sign-on/domains/add/": (domain, account.email_domains),
    }


def send_twice(browser, address, words):
    """The answers to one form, sent twice."""
    page = browser.get(address)
    mark = mark_on(page) if page.status_code == 200 else f"{browser.mark()}.{'x' * 16}"
    form = words | {page_marks.FIELD: mark}
    return [browser.post(address, form) for _ in range(2)]


@pytest.mark.slow
def test_what_is_sent_twice_is_made_once(owner, forms):
    for address, (words, made) in forms.items():
        before = made.count()

        answers = send_twice(owner, address, words)

        assert [answer.status_code < 400 for answer in answers] == [True, True], address
        assert made.count() == before + 1, address


def test_the_second_answer_is_the_first_ones(owner):
    first, second = send_twice(owner, "/people/invite/", INVITATION)

    assert second["Location"] == first["Location"]
    told = "1 invitation is on its way. This page says when its mail was sent."
    assert said(second) == said(first) == [("success", told)]


def test_a_token_is_shown_once_and_the_second_answer_says_what_to_do(owner):
    token = {"name": "BI", "scopes": [Scope.LICENCES], "ends_on": days_from_today(30)}

    first, second = send_twice(owner, "/api-tokens/add/", token)

    assert "Copy it now" in first.text
    assert second["Location"] == "/api-tokens/"
    assert "This token was made already, and we can't show it again." in said(second)[0][1]


def test_an_address_that_was_copied_works_when_its_form_comes_again(owner):
    first, second = send_twice(owner, "/calendar/make/", {})

    address = re.search(r"http://testserver(/calendar/[^<\"]+)", first.text)[1]
    assert owner.get(address).status_code == 200
    assert "If you didn't copy it, change it." in said(second)[0][1]
    asked = owner.get("/calendar/make/").text
    assert "Calendars that read the old address show nothing new." in asked
    assert "Change the address" in asked


def test_a_long_export_is_ordered_once(owner, pool, account, monkeypatch):
    monkeypatch.setattr(files, "MOST_AT_ONCE", 0)
    make_session(pool)
    form = {"format": "csv", page_marks.FIELD: mark_on(owner.get("/sessions/"))}

    told = [said(owner.post("/sessions/export/", form)) for _ in range(2)]

    assert account.exports.count() == 1
    assert told[0] == told[1] != []


def test_a_mail_that_is_sent_again_is_sent_once(owner, account, mailoutbox):
    owner.post("/people/invite/", INVITATION)
    address = f"/people/invitations/{account.invitations.get().pk}/resend/"
    form = {page_marks.FIELD: mark_on(owner.get("/people/"))}

    entries = account.audit_entries.count()
    answers = [owner.post(address, form) for _ in range(2)]

    assert account.audit_entries.count() == entries + 1
    assert said(answers[0]) == said(answers[1])


def test_the_same_form_with_other_words_is_another(owner, account):
    form = INVITATION | {page_marks.FIELD: mark_on(owner.get("/people/invite/"))}
    owner.post("/people/invite/", form)

    owner.post("/people/invite/", form | {"emails": "other@example.com"})

    assert account.invitations.count() == 2


def test_a_form_with_errors_may_be_sent_again(owner, account):
    form = INVITATION | {page_marks.FIELD: mark_on(owner.get("/people/invite/"))}

    refused = owner.post("/people/invite/", form | {"emails": "nobody"})
    owner.post("/people/invite/", form)

    assert refused.status_code == 422
    assert account.invitations.count() == 1


def test_the_same_words_in_a_new_form_are_done_again(owner, account):
    words = {"kind": "help", "text": "Please call."}

    for _ in range(2):
        owner.post(
            "/requests/new/", words | {page_marks.FIELD: mark_on(owner.get("/requests/new/"))}
        )

    assert account.requests.count() == 2


def test_nobody_elses_form_is_answered(owner, viewer, account):
    form = {"kind": "help", "text": "Please call."}
    mark = mark_on(owner.get("/requests/new/"))
    owner.post("/requests/new/", form | {page_marks.FIELD: mark})

    viewer.post(
        "/requests/new/", form | {page_marks.FIELD: f"{viewer.mark()}.{mark.rpartition('.')[2]}"}
    )

    assert account.requests.count() == 2


def test_what_was_sent_is_forgotten_after_a_day(owner):
    send_twice(owner, "/requests/new/", {"kind": "help", "text": "Please call."})
    SentForm.objects.update(sent_at=Now() - dt.timedelta(days=2))

    assert sent_forms.forget() == 1
