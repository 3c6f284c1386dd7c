"""The customers' pages."""

from django.urls import path

from portal.views import accounts, home, invitations, keys, licences, sessions

app_name = "portal"

urlpatterns = [
    path("", home.home, name="home"),
    path("licences/", licences.licences, name="licences"),
    path("licences/<int:licence_id>/", licences.licence, name="licence"),
    path("licences/<int:licence_id>/keys/<int:key_id>/reveal/", keys.reveal, name="reveal_key"),
    path("sessions/", sessions.sessions, name="sessions"),
    path("sessions/rows/", sessions.rows, name="session_rows"),
    path("sessions/<uuid:session_id>/", sessions.session, name="session"),
    path("sessions/<uuid:session_id>/release/", sessions.release, name="release_session"),
    path("invitations/<str:code>/", invitations.invitation, name="invitation"),
    path("switch-account/", accounts.switch_account, name="switch_account"),
    path("theme/", accounts.set_theme, name="set_theme"),
]
