"""The audit record as sentences that people read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from licensing.models import AuditEntry
from licensing.names import on_one_line
from portal.models import Role
from portal.words.aliases import Names
from portal.words.names import short_name
from portal.words.sentences_by_details import (
    Details,
    how_often,
    of_aliases,
    of_alm_end,
    of_alm_end_taken_back,
    of_cancelled_plan,
    of_closing,
    of_export,
    of_feature_limit,
    of_holders,
    of_import,
    of_import_done,
    of_invitation,
    of_issue,
    of_key,
    of_lifted_rule,
    of_messages_sent_again,
    of_new_feature,
    of_new_rule,
    of_newcomers,
    of_notes,
    of_planned_seats,
    of_seats,
    of_state,
    of_tags,
    of_view,
    of_view_ended,
    of_webhook_off,
    of_which_import,
    of_working_hours,
)


def who(entry: AuditEntry, names: Names) -> str:
    """Who did it, by name: a person, "Support (Anna Kowalski)", "The system"."""
    name = short_name(names.actor(entry))
    if entry.actor_kind == "support":
        return _("Support (%(name)s)") % {"name": name}
    if entry.actor_kind == "system":
        return _("The system")
    if entry.actor_kind == "stranger":
        return _("Somebody not signed in")
    if entry.actor_kind == "token":
        return _("The API token “%(name)s”") % {"name": name}
    if entry.actor_kind == "command":
        return _("Operations (%(name)s)") % {"name": name}
    return name


def sentence(entry: AuditEntry, names: Names) -> str:
    """What happened, such as "Priya Shah released ACME\\jsmith on CAD-017.".

    People and machines are named as the reader may see them.
    """
    words: Details = defaultdict(str)  # entries outlive the code that wrote their details
    words.update({name: str(value) for name, value in entry.details.items()})
    for name in ("role", "before", "after"):
        if words[name] in Role:
            words[name] = str(Role(words[name]).label)
    about = on_one_line(names.object(entry))
    words.update(who=who(entry, names), object=about)
    words.update(recorded=entry.object_name, action=entry.action.replace("_", " "))
    told = SENTENCES.get(entry.action, UNTOLD)
    said = (told(words) if callable(told) else str(told)) % words
    return " ".join(filter(None, [said, how_often(words), of_which_import(entry.part_of)]))


def told(entries: Iterable[AuditEntry], names: Names) -> list[tuple[AuditEntry, str]]:
    """Each entry, for showing only, with its sentence as the reader may see both."""
    pairs = [(entry, sentence(entry, names)) for entry in entries]
    for entry, _sentence in pairs:
        entry.reason = names.written(entry.reason)
    return pairs


UNTOLD = gettext_lazy("%(who)s: %(action)s, %(object)s.")
SENTENCES: dict[str, Promise | Callable[[Details], str]] = {
    "account_created": gettext_lazy("%(who)s opened the account %(object)s."),
    "account_closing": of_closing,
    "account_closing_cancelled": gettext_lazy(
        "%(who)s cancelled the closing of the account %(object)s."
    ),
    "account_closed": gettext_lazy(
        "The account %(object)s was closed (%(who)s). Ended: %(licences)s licences, %(sessions)s "
        "open sessions, %(keys)s keys, %(people)s people."
    ),
    "account_merged_into": gettext_lazy(
        "%(who)s merged the account %(object)s into %(into)s: licences %(licences)s, people "
        "%(people)s, and %(in_both)s who were in both."
    ),
    "account_merged_from": gettext_lazy(
        "%(who)s merged the account %(from)s into %(object)s: licences %(licences)s, people "
        "%(people)s, and %(in_both)s who were in both."
    ),
    "alm_end_dated": of_alm_end,
    "alm_end_taken_back": of_alm_end_taken_back,
    "import_began": of_import,
    "import_done": of_import_done,
    "licence_issued": of_issue,
    "key_issued": of_key,
    "key_revealed": gettext_lazy("%(who)s looked at the product key of serial number %(object)s."),
    "key_handed_over": gettext_lazy(
        "%(who)s told owners and managers the way to the product key of serial number %(object)s."
    ),
    "key_reissued": gettext_lazy(
        "%(who)s reissued a product key: serial number %(object)s replaces %(supersedes)s."
    ),
    "key_revoked": gettext_lazy("%(who)s revoked the product key of serial number %(object)s."),
    "key_labelled": gettext_lazy(
        "%(who)s labelled the key with serial number %(object)s “%(after)s”."
    ),
    "overlap_ended": gettext_lazy(
        "%(who)s ended the overlap of serial number %(object)s: it no longer starts the program."
    ),
    "licence_renamed": gettext_lazy("%(who)s renamed %(before)s to %(object)s."),
    "licence_tagged": of_tags,
    "licence_notes_changed": of_notes,
    "request_made": gettext_lazy("%(who)s asked us: %(object)s."),
    "request_taken": gettext_lazy("%(who)s sees to the request “%(object)s”."),
    "request_answered": gettext_lazy("%(who)s answered the request “%(object)s”."),
    "request_withdrawn": gettext_lazy("%(who)s withdrew the request “%(object)s”."),
    "sessions_ended": gettext_lazy(
        "%(who)s ended the open sessions of serial number %(object)s: %(ended)s."
    ),
    "session_released": gettext_lazy("%(who)s released %(object)s."),
    "release_undone": gettext_lazy("%(who)s put %(object)s back on a seat."),
    "seats_changed": of_seats,
    "seats_planned": of_planned_seats,
    "seats_plan_cancelled": of_cancelled_plan,
    "feature_added": of_new_feature,
    "feature_limit_changed": of_feature_limit,
    "feature_removed": gettext_lazy("%(who)s took the feature %(name)s out of %(object)s."),
    "state_changed": of_state,
    "term_changed": gettext_lazy("%(who)s changed the term of %(object)s."),
    "device_moved": gettext_lazy("%(who)s moved %(licence)s away from %(object)s."),
    "device_freed": gettext_lazy("%(who)s freed the device %(object)s of %(licence)s."),
    "device_written_off": gettext_lazy("%(who)s gave up the device %(object)s of %(licence)s."),
    "rule_added": of_new_rule,
    "rule_lifted": of_lifted_rule,
    "person_invited": of_invitation,
    "person_joined": gettext_lazy("%(who)s joined as %(role)s."),
    "person_brought": gettext_lazy(
        "%(who)s brought %(person)s along from the account %(from)s, as %(role)s."
    ),
    "invitation_resent": gettext_lazy("%(who)s sent the invitation of %(email)s again."),
    "invitation_cancelled": gettext_lazy("%(who)s cancelled the invitation of %(email)s."),
    "invitation_asked_for": gettext_lazy("%(who)s asked for a new invitation."),
    "role_changed": gettext_lazy(
        "%(who)s changed the role of %(person)s from %(before)s to %(after)s."
    ),
    "person_removed": gettext_lazy("%(who)s removed %(person)s from the account."),
    "leaver_removed": gettext_lazy("%(who)s took everything from somebody who left."),
    "support_view_began": of_view,
    "support_view_ended": of_view_ended,
    "name_changed": gettext_lazy("%(before)s is called %(after)s from now on."),
    "time_zone_changed": gettext_lazy(
        "%(who)s changed the account's time zone from %(before)s to %(after)s."
    ),
    "password_changed": gettext_lazy("%(who)s changed their password."),
    "email_change_asked": gettext_lazy("%(who)s asked for another e-mail address to sign in with."),
    "email_change_cancelled": gettext_lazy("%(who)s kept their e-mail address."),
    "email_changed": gettext_lazy("%(who)s signs in as %(after)s, no longer as %(before)s."),
    "email_replacement_asked": gettext_lazy(
        "%(who)s was asked to let %(object)s sign in as %(after)s."
    ),
    "email_replaced": gettext_lazy(
        "%(who)s let %(object)s sign in as %(after)s, no longer as %(before)s."
    ),
    "person_locked_out": gettext_lazy("%(who)s keeps %(object)s from signing in."),
    "person_let_in": gettext_lazy("%(who)s lets %(object)s sign in again."),
    "two_step_on": gettext_lazy("%(who)s turned two-step sign-in on."),
    "two_step_off": gettext_lazy("%(who)s turned two-step sign-in off."),
    "two_step_required": gettext_lazy("%(who)s required two-step sign-in of everybody."),
    "two_step_not_required": gettext_lazy("%(who)s made two-step sign-in optional again."),
    "approval_asked": gettext_lazy("%(who)s asked a colleague to approve: %(act)s, %(object)s."),
    "approval_given": gettext_lazy(
        "%(who)s approved what %(asked_by)s asked for: %(act)s, %(object)s."
    ),
    "approval_declined": gettext_lazy(
        "%(who)s declined what %(asked_by)s asked for: %(act)s, %(object)s."
    ),
    "approval_withdrawn": gettext_lazy(
        "%(who)s no longer asks a colleague to approve: %(act)s, %(object)s."
    ),
    "two_step_reset": gettext_lazy("%(who)s reset the two-step sign-in of %(object)s."),
    "person_exported": gettext_lazy("%(who)s handed out what is held on one person."),
    "person_erased": gettext_lazy(
        "%(who)s erased one person, who is called %(alias)s from now on."
    ),
    "domain_added": gettext_lazy("%(who)s added the e-mail domain %(domain)s."),
    "domain_verified": gettext_lazy("%(who)s verified the e-mail domain %(domain)s."),
    "domain_removed": gettext_lazy("%(who)s removed the e-mail domain %(domain)s."),
    "sso_set_up": gettext_lazy("%(who)s set single sign-on up with %(issuer)s."),
    "sso_turned_off": gettext_lazy("%(who)s turned single sign-on off."),
    "sso_certificates_changed": gettext_lazy(
        "%(who)s took over new certificates of the sign-in service."
    ),
    "sso_tested": gettext_lazy("%(who)s tested signing in with %(issuer)s."),
    "sso_required": gettext_lazy("%(who)s required single sign-on."),
    "sso_not_required": gettext_lazy("%(who)s made single sign-on optional again."),
    "sso_newcomers_changed": of_newcomers,
    "sso_linked": gettext_lazy("%(who)s came in through %(issuer)s for the first time."),
    "sso_joined": gettext_lazy("%(who)s joined as a viewer through %(issuer)s."),
    "sso_unlinked": gettext_lazy("%(who)s unlinked %(person)s from the single sign-on."),
    "sso_refused": gettext_lazy(
        "%(who)s was not let in by single sign-on: the address is somebody else's there now."
    ),
    "sso_gone_without": gettext_lazy("%(who)s signed in without single sign-on."),
    "sign_in_failed": gettext_lazy("%(who)s gave a wrong password for %(object)s."),
    "sign_in_braked": gettext_lazy(
        "%(who)s gave so many wrong passwords for %(object)s that no more were taken from there."
    ),
    "sign_in_code_failed": gettext_lazy("%(who)s gave a wrong sign-in code for %(object)s."),
    "second_step_failed": gettext_lazy("%(who)s gave a wrong second step for %(object)s."),
    "act_refused": gettext_lazy("%(who)s asked for what their role does not allow."),
    "passkey_added": gettext_lazy("%(who)s added a passkey to their sign-in."),
    "passkey_removed": gettext_lazy("%(who)s removed a passkey from their sign-in."),
    "recovery_codes_made": gettext_lazy("%(who)s made new recovery codes."),
    "sign_out_changed": gettext_lazy("%(who)s changed after how long idle people are signed out."),
    "policy_changed": gettext_lazy("%(who)s changed how long people work offline with %(object)s."),
    "aliases_changed": of_aliases,
    "refusal_contact_changed": gettext_lazy("%(who)s changed whom refused people are told to ask."),
    "holders_named_changed": of_holders,
    "working_hours_changed": of_working_hours,
    "list_exported": of_export,
    "full_export_ordered": gettext_lazy("%(who)s ordered an export of everything."),
    "view_shared": gettext_lazy("%(who)s shared the view “%(object)s” with the account."),
    "view_unshared": gettext_lazy("%(who)s keeps the view “%(object)s” to themselves from now on."),
    "shared_view_changed": gettext_lazy("%(who)s changed the shared view “%(object)s”."),
    "shared_view_deleted": gettext_lazy("%(who)s deleted the shared view “%(object)s”."),
    "calendar_address_made": gettext_lazy(
        "%(who)s made a secret address of what ends, for calendars."
    ),
    "calendar_address_removed": gettext_lazy("%(who)s removed their calendar's secret address."),
    "alert_feed_address_made": gettext_lazy("%(who)s made a secret address of alerts, for feeds."),
    "alert_feed_address_removed": gettext_lazy("%(who)s removed their feed's secret address."),
    "report_ordered": gettext_lazy("%(who)s ordered the report “%(object)s”."),
    "report_changed": gettext_lazy("%(who)s changed the report “%(object)s”."),
    "report_paused": gettext_lazy("%(who)s paused the report “%(object)s”."),
    "report_resumed": gettext_lazy("%(who)s resumed the report “%(object)s”."),
    "report_sent": gettext_lazy("%(who)s mailed the report “%(object)s”. Readers: %(readers)s."),
    "report_ended": gettext_lazy("%(who)s ended the report “%(object)s”."),
    "api_token_created": gettext_lazy("%(who)s made the API token “%(object)s”."),
    "api_token_new_network": gettext_lazy(
        "The API token “%(object)s” was used from a network that it had not been used from before: "
        "%(network)s."
    ),
    "api_token_revoked": gettext_lazy("%(who)s revoked the API token “%(object)s”."),
    "webhook_created": gettext_lazy("%(who)s made a webhook to %(object)s."),
    "webhook_changed": gettext_lazy("%(who)s changed the webhook to %(object)s."),
    "webhook_secret_rotated": gettext_lazy("%(who)s gave the webhook to %(object)s a new secret."),
    "webhook_secret_revealed": gettext_lazy(
        "%(who)s looked at the secret of the webhook to %(object)s."
    ),
    "webhook_tested": gettext_lazy("%(who)s sent a test to the webhook to %(object)s."),
    "webhook_sent_again": of_messages_sent_again,
    "webhook_turned_off": of_webhook_off,
    "webhook_turned_on": gettext_lazy("%(who)s turned the webhook to %(object)s on."),
    "alert_rule_added": gettext_lazy("%(who)s made the alert rule “%(object)s”."),
    "alert_rule_changed": gettext_lazy("%(who)s changed the alert rule “%(object)s”."),
    "alert_rule_paused": gettext_lazy("%(who)s paused the alert rule “%(object)s”."),
    "alert_rule_turned_on": gettext_lazy("%(who)s turned the alert rule “%(object)s” on."),
    "alert_rule_removed": gettext_lazy("%(who)s removed the alert rule “%(object)s”."),
    "alert_rule_mails_stopped": gettext_lazy(
        "%(who)s stopped the mails that they got by the alert rule “%(object)s”."
    ),
    "alert_rule_mails_wanted": gettext_lazy(
        "%(who)s gets mails by the alert rule “%(object)s” again."
    ),
    "webhook_removed": gettext_lazy("%(who)s removed the webhook to %(object)s."),
}


def sessions_of_people(sessions: int, people: int) -> str:
    """How many sessions are open and whose: somebody on two machines has two."""
    return _("%(sessions)s of %(people)s right now.") % {
        "sessions": ngettext("%(n)s session", "%(n)s sessions", sessions) % {"n": sessions},
        "people": ngettext("%(n)s person", "%(n)s people", people) % {"n": people},
    }
