"""The customers' pages."""

from django.urls import path

from portal.views import (
    accounts,
    devices,
    home,
    invitations,
    key_acts,
    keys,
    licences,
    policies,
    privacy,
    requests,
    rules,
    security,
    sessions,
    tokens,
)

app_name = "portal"

urlpatterns = [
    path("", home.home, name="home"),
    path("licences/", licences.licences, name="licences"),
    path("licences/<int:licence_id>/", licences.licence, name="licence"),
    path("licences/<int:licence_id>/offline-policy/", policies.change, name="offline_policy"),
    path("licences/<int:licence_id>/rename/", licences.rename, name="rename_licence"),
    path("licences/<int:licence_id>/keys/add/", key_acts.add, name="add_key"),
    path("licences/<int:licence_id>/keys/<int:key_id>/", keys.key, name="key"),
    path("licences/<int:licence_id>/keys/<int:key_id>/reveal/", keys.reveal, name="reveal_key"),
    path("licences/<int:licence_id>/keys/<int:key_id>/reissue/", keys.reissue, name="reissue_key"),
    path("licences/<int:licence_id>/keys/<int:key_id>/label/", key_acts.label, name="label_key"),
    path("licences/<int:licence_id>/keys/<int:key_id>/revoke/", key_acts.revoke, name="revoke_key"),
    path(
        "licences/<int:licence_id>/keys/<int:key_id>/end-overlap/",
        key_acts.end_overlap,
        name="end_overlap",
    ),
    path(
        "licences/<int:licence_id>/devices/<int:device_id>/free/",
        devices.free,
        name="free_device",
    ),
    path("licences/<int:licence_id>/rules/add/", rules.add, name="add_rule"),
    path("licences/<int:licence_id>/rules/allow/", rules.allow, name="allow_only"),
    path("licences/<int:licence_id>/rules/<int:rule_id>/lift/", rules.lift, name="lift_rule"),
    path("requests/", requests.requests, name="requests"),
    path("requests/new/", requests.new, name="new_request"),
    path("requests/<int:request_id>/", requests.one, name="request"),
    path("requests/<int:request_id>/withdraw/", requests.withdraw, name="withdraw_request"),
    path("sessions/", sessions.sessions, name="sessions"),
    path("sessions/rows/", sessions.rows, name="session_rows"),
    path("sessions/<uuid:session_id>/", sessions.session, name="session"),
    path("sessions/<uuid:session_id>/release/", sessions.release, name="release_session"),
    path("sessions/<uuid:session_id>/block/", rules.block_session, name="block_session"),
    path("invitations/<str:code>/", invitations.invitation, name="invitation"),
    path("api-tokens/", tokens.tokens, name="api_tokens"),
    path("api-tokens/add/", tokens.add, name="add_api_token"),
    path("api-tokens/<int:token_id>/revoke/", tokens.revoke, name="revoke_api_token"),
    path("security/", security.security, name="security"),
    path("security/two-step/require/", security.require_two_step, name="require_two_step"),
    path(
        "security/two-step/stop-requiring/",
        security.stop_requiring_two_step,
        name="stop_requiring_two_step",
    ),
    path("security/sign-out-after/", security.sign_out_after, name="sign_out_after"),
    path("security/privacy/", privacy.change, name="privacy"),
    path("switch-account/", accounts.switch_account, name="switch_account"),
    path("theme/", accounts.set_theme, name="set_theme"),
]
