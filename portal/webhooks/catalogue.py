"""The events that webhooks tell of: acts of the audit record, each by a public name.

The names are public API: receivers switch on them, so they never change. ``docs/webhooks.md``
and the OpenAPI document are written from what stands here.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

TEST = "webhook.test"
ALERTS = {
    "alert.opened": _("An alert began that a rule has posted there."),
    "alert.resolved": _("It is over."),
}
"""What a webhook is told of that a rule of alerts names, whichever events it wants."""
EVENTS = {
    "session.released": _("Somebody released a session: its seat is free."),
    "session.release_undone": _("A released session was put back on a seat."),
    "key.issued": _("A licence has a new product key."),
    "key.reissued": _("A new product key replaces another."),
    "key.handed_over": _("Owners and managers were told the way to a product key."),
    "key.overlap_ended": _("A replaced key no longer starts the program."),
    "key.revoked": _("A product key was revoked."),
    "key.sessions_ended": _("All open sessions of a key were ended."),
    "key.revealed": _("Somebody looked at a product key."),
    "key.labelled": _("A product key has another label."),
    "licence.issued": _("The account has a new licence."),
    "licence.seats_changed": _("A licence has another user limit."),
    "licence.seats_planned": _("A licence has another user limit from a date on."),
    "licence.seats_plan_cancelled": _("A licence does not have another user limit from that date."),
    "licence.state_changed": _("A licence was suspended, reinstated or closed."),
    "licence.term_changed": _("A licence has another first or last day."),
    "licence.policy_changed": _("People work offline with a licence for another time."),
    "licence.feature_added": _("A licence includes another feature."),
    "licence.feature_limit_changed": _("A feature of a licence has another user limit."),
    "licence.feature_removed": _("A licence no longer includes a feature."),
    "licence.renamed": _("A licence has another name."),
    "licence.tagged": _("A licence has other tags."),
    "licence.notes_changed": _("A licence has another contact or other notes."),
    "import.began": _("Our staff began to import a list, of which all that is made is part."),
    "import.done": _("All rows of a list were imported, or are told as not made."),
    "device.moved": _("The user of a program moved a licence away from a device."),
    "device.freed": _("Somebody freed a device, so that its licence can move."),
    "device.written_off": _("A lost device was given up."),
    "rule.added": _("There is a new access rule."),
    "rule.lifted": _("An access rule was lifted."),
    "person.invited": _("Somebody was invited to the account."),
    "person.joined": _("Somebody who was invited joined the account."),
    "person.brought": _("Somebody came along from an account that was merged into this one."),
    "person.removed": _("Somebody was removed from the account."),
    "person.left": _("Everything was taken from somebody who left."),
    "person.role_changed": _("Somebody has another role."),
    "person.name_changed": _("Somebody who signs in has another name."),
    "person.locked_out": _("We keep somebody from signing in."),
    "person.let_in": _("Somebody may sign in again."),
    "person.exported": _("We handed out what is held on a person."),
    "person.erased": _("A person's name was taken out of all that is kept."),
    "invitation.resent": _("An invitation was sent again."),
    "invitation.cancelled": _("An invitation was taken back."),
    "invitation.asked_for": _("Somebody whose invitation ended asked for a new one."),
    "email.change_asked": _("Somebody asked for another address to sign in with."),
    "email.change_cancelled": _("Somebody keeps their address to sign in with."),
    "email.changed": _("Somebody signs in with another address."),
    "email.replacement_asked": _(
        "We were asked to change the address with which somebody signs in."
    ),
    "email.replaced": _("We changed the address with which somebody signs in."),
    "sign_in.failed": _("Somebody gave a wrong password."),
    "sign_in.braked": _(
        "So many wrong passwords came from one place that no more are taken from there."
    ),
    "sign_in.code_failed": _("Somebody gave a wrong sign-in code."),
    "sign_in.second_step_failed": _("Somebody gave a wrong second step."),
    "sign_in.act_refused": _("Somebody asked for what their role does not allow."),
    "sign_in.password_changed": _("Somebody has another password."),
    "sign_in.passkey_added": _("Somebody signs in with a new passkey."),
    "sign_in.passkey_removed": _("Somebody no longer signs in with a passkey."),
    "sign_in.recovery_codes_made": _("Somebody has new recovery codes."),
    "two_step.on": _("Somebody turned two-step sign-in on."),
    "two_step.off": _("Somebody turned two-step sign-in off."),
    "two_step.reset": _("We reset somebody's two-step sign-in."),
    "two_step.required": _("Everybody of the account needs two-step sign-in."),
    "two_step.not_required": _("Two-step sign-in is optional again."),
    "sso.set_up": _("Single sign-on was set up."),
    "sso.turned_off": _("Single sign-on was turned off."),
    "sso.certificates_changed": _("The sign-in service has new certificates."),
    "sso.tested": _("Somebody tested single sign-on."),
    "sso.required": _("Everybody of the account needs single sign-on."),
    "sso.not_required": _("Single sign-on is optional again."),
    "sso.newcomers_changed": _("Whether newcomers join by single sign-on was changed."),
    "sso.linked": _("Somebody came in by single sign-on for the first time."),
    "sso.joined": _("A newcomer joined by single sign-on."),
    "sso.unlinked": _("Somebody was unlinked from the single sign-on."),
    "sso.refused": _("Somebody was not let in by single sign-on."),
    "sso.gone_without": _("Somebody signed in without the single sign-on that is required."),
    "domain.added": _("The account claims an e-mail domain."),
    "domain.verified": _("An e-mail domain is the account's."),
    "domain.removed": _("An e-mail domain is no longer the account's."),
    "account.created": _("The account was opened."),
    "account.closing": _("The account closes at the moment that is told, unless it is cancelled."),
    "account.closing_cancelled": _("The account does not close after all."),
    "account.alm_end_dated": _("The codes of the account's own ALM stop after the day told."),
    "account.alm_end_taken_back": _("They do not stop after that day."),
    "account.closed": _("The account is closed: all that it had has ended."),
    "account.merged_into": _("The account is a part of another now, and closed."),
    "account.merged_from": _("Another account is a part of this one now."),
    "account.time_zone_changed": _("The account has another time zone."),
    "account.aliases_changed": _("Whether viewers see aliases was changed."),
    "account.sign_out_changed": _("Idle people are signed out after another time."),
    "account.refusal_contact_changed": _("Refused people are told to ask somebody else."),
    "account.holders_named_changed": _(
        "Whether refused people are told who holds the seats was changed."
    ),
    "account.working_hours_changed": _("Other hours count as working time."),
    "account.export_ordered": _("Our staff ordered an export of everything."),
    "approval.asked": _("One of our staff asked another to approve an act."),
    "approval.given": _("An act of our staff was approved by another of them."),
    "approval.declined": _("An act of our staff was not approved by another of them."),
    "approval.withdrawn": _("One of our staff no longer asks another to approve an act."),
    "support.view_began": _("Our support began to view the account as its owner sees it."),
    "support.view_ended": _("Our support's view of the account is over."),
    "calendar.address_made": _("Somebody made a secret address of what ends, for calendars."),
    "calendar.address_removed": _("Somebody removed their calendar's secret address."),
    "alert_feed.address_made": _("Somebody made a secret address of alerts, for feeds."),
    "alert_feed.address_removed": _("Somebody removed their feed's secret address."),
    "list.exported": _("Somebody exported a list."),
    "view.shared": _("Somebody shared a view with the account."),
    "view.unshared": _("Somebody keeps a view to themselves again."),
    "view.changed": _("A shared view was changed."),
    "view.deleted": _("A shared view was deleted."),
    "report.ordered": _("There is a new report by mail."),
    "report.changed": _("A report tells something else, at another time, or somebody else."),
    "report.paused": _("A report is not sent until it is resumed."),
    "report.resumed": _("A report is sent again."),
    "report.sent": _("A report was mailed."),
    "report.ended": _("A report has ended."),
    "request.made": _("Somebody asked us for something."),
    "request.taken": _("Somebody of us sees to a request."),
    "request.answered": _("We answered a request."),
    "request.withdrawn": _("A request was withdrawn."),
    "api_token.created": _("There is a new API token."),
    "api_token.revoked": _("An API token was revoked."),
    "api_token.new_network": _("An API token was used from a network where it had not been."),
    "webhook.created": _("There is a new webhook."),
    "webhook.changed": _("A webhook has another address or other events."),
    "webhook.secret_rotated": _("A webhook has a new secret."),
    "webhook.secret_revealed": _("Somebody looked at the secret of a webhook."),
    "webhook.tested": _("Somebody sent a test to a webhook."),
    "webhook.sent_again": _("Somebody sent messages of a webhook again."),
    "webhook.turned_off": _("A webhook was turned off, by somebody or because it failed for days."),
    "webhook.turned_on": _("A webhook was turned on again."),
    "webhook.removed": _("A webhook was removed."),
    "alert_rule.added": _("There is a new alert rule."),
    "alert_rule.changed": _("An alert rule was changed."),
    "alert_rule.paused": _("An alert rule tells nobody for a while, or until it is turned on."),
    "alert_rule.turned_on": _("An alert rule was turned on again."),
    "alert_rule.removed": _("An alert rule was removed."),
    "alert_rule.mails_stopped": _("Somebody stopped the mails that they got by an alert rule."),
    "alert_rule.mails_wanted": _("Somebody gets mails by an alert rule again."),
}
"""Each event's name, and what it means in a sentence."""
OTHERWISE_RECORDED = {
    "account.alm_end_dated": "alm_end_dated",
    "account.alm_end_taken_back": "alm_end_taken_back",
    "session.release_undone": "release_undone",
    "key.overlap_ended": "overlap_ended",
    "key.sessions_ended": "sessions_ended",
    "licence.seats_changed": "seats_changed",
    "licence.seats_planned": "seats_planned",
    "licence.seats_plan_cancelled": "seats_plan_cancelled",
    "licence.state_changed": "state_changed",
    "licence.term_changed": "term_changed",
    "licence.policy_changed": "policy_changed",
    "licence.feature_added": "feature_added",
    "licence.feature_limit_changed": "feature_limit_changed",
    "licence.feature_removed": "feature_removed",
    "person.left": "leaver_removed",
    "person.role_changed": "role_changed",
    "person.name_changed": "name_changed",
    "sign_in.second_step_failed": "second_step_failed",
    "sign_in.act_refused": "act_refused",
    "sign_in.password_changed": "password_changed",
    "sign_in.passkey_added": "passkey_added",
    "sign_in.passkey_removed": "passkey_removed",
    "sign_in.recovery_codes_made": "recovery_codes_made",
    "account.time_zone_changed": "time_zone_changed",
    "account.aliases_changed": "aliases_changed",
    "account.sign_out_changed": "sign_out_changed",
    "account.refusal_contact_changed": "refusal_contact_changed",
    "account.holders_named_changed": "holders_named_changed",
    "account.working_hours_changed": "working_hours_changed",
    "account.export_ordered": "full_export_ordered",
    "view.changed": "shared_view_changed",
    "view.deleted": "shared_view_deleted",
}
"""What the record calls an event, where that is not the event's name with an underscore."""
PARTS_OF = {"import.done": ("licence.issued", "key.issued", "rule.added")}
"""An event that is told in place of these: who wants one of them is told of it."""
SUBJECTS = {
    "session": _("Sessions"),
    "key": _("Product keys"),
    "licence": _("Licences"),
    "import": _("Imports"),
    "device": _("Devices"),
    "rule": _("Access rules"),
    "person": _("People"),
    "invitation": _("Invitations"),
    "email": _("Addresses of people"),
    "sign_in": _("Signing in"),
    "two_step": _("Two-step sign-in"),
    "sso": _("Single sign-on"),
    "domain": _("E-mail domains"),
    "account": _("Settings of the account"),
    "approval": _("Acts that a second of our staff approves"),
    "support": _("What our support looks at"),
    "calendar": _("Calendars"),
    "alert_feed": _("Feeds"),
    "list": _("Exports"),
    "view": _("Shared views"),
    "report": _("Reports"),
    "request": _("Requests"),
    "api_token": _("API tokens"),
    "webhook": _("Webhooks"),
    "alert_rule": _("Alert rules"),
}
"""What stands before the dot of an event's name, in words."""


def act_of(event: str) -> str:
    """What the record calls it."""
    return OTHERWISE_RECORDED.get(event) or event.replace(".", "_")


BY_ACT = {act_of(event): event for event in EVENTS}


def name_of(act: str) -> str:
    """The public name of an act of the record; empty of one that is told to nobody."""
    return BY_ACT.get(act, "")


def subject_of(event: str) -> str:
    """What stands before the dot."""
    return event.partition(".")[0]
