"""Addresses of pages about people."""

from django.urls import path

from portal.views.people import (
    account_settings,
    accounts,
    email_changes,
    invitations,
    inviting,
    leavers,
    members,
    privacy,
    profile,
    working_hours,
)

urlpatterns = [
    path("people/", members.everybody, name="people"),
    path("people/invite/", inviting.invite, name="invite"),
    path("people/leaver/", leavers.ask_who_leaves, name="leaver"),
    path("people/leaver/remove/", leavers.remove_leaver, name="remove_leaver"),
    path("people/leaver/<int:number>/", leavers.leaver_record, name="leaver_record"),
    path(
        "people/leaver/<int:number>/download/",
        leavers.download_leaver_record,
        name="download_leaver_record",
    ),
    path("people/<int:member_id>/role/", members.change_role, name="change_role"),
    path("people/<int:member_id>/remove/", members.remove_person, name="remove_person"),
    path(
        "people/invitations/<int:invitation_id>/resend/",
        members.resend_invitation,
        name="resend_invitation",
    ),
    path(
        "people/invitations/<int:invitation_id>/cancel/",
        members.cancel_invitation,
        name="cancel_invitation",
    ),
    path("invitations/<slug:code>/", invitations.invitation, name="invitation"),
    path("invitations/<slug:code>/ask/", invitations.ask_for_invitation, name="ask_for_invitation"),
    path("profile/", profile.profile, name="profile"),
    path("profile/email/", email_changes.change_email, name="change_email"),
    path("confirm-email/<slug:code>/", email_changes.confirm_email, name="confirm_email"),
    path("security/privacy/", privacy.change_aliases, name="privacy"),
    path("settings/", account_settings.account_settings, name="settings"),
    path("settings/time-zone/", account_settings.change_account_zone, name="account_zone"),
    path("settings/working-hours/", working_hours.change_working_hours, name="working_hours"),
    path(
        "settings/refusals/",
        account_settings.change_what_refused_are_told,
        name="told_when_refused",
    ),
    path("switch-account/", accounts.switch_account, name="switch_account"),
    path("switch-and-send/<int:account_id>/", accounts.switch_and_send, name="switch_and_send"),
    path("theme/", accounts.set_theme, name="set_theme"),
    path("language/", accounts.set_language, name="set_language"),
]
