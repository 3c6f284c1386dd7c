"""Addresses of pages about sessions."""

from django.urls import path

from portal.views.sessions import blocks, bulk_releases, sessions

urlpatterns = [
    path("sessions/", sessions.sessions, name="sessions"),
    path("sessions/release/", bulk_releases.release_sessions, name="release_sessions"),
    path("sessions/rows/", sessions.rows, name="session_rows"),
    path("sessions/<uuid:session_id>/", sessions.session, name="session"),
    path("sessions/<uuid:session_id>/release/", sessions.release_session, name="release_session"),
    path("sessions/<uuid:session_id>/undo/", sessions.undo_release, name="undo_release"),
    path("sessions/<uuid:session_id>/block/", blocks.block_session, name="block_session"),
]
