"""Addresses of pages about lists as files."""

from django.urls import path

from portal.views.exports import exports

urlpatterns = [
    path("licences/export/", exports.export, {"listed": "licences"}, name="export_licences"),
    path("sessions/export/", exports.export, {"listed": "sessions"}, name="export_sessions"),
    path("keys/export/", exports.export, {"listed": "machines"}, name="export_machines"),
    path("exports/<int:export_id>/", exports.download_export, name="export"),
    path("usage/denials/export/", exports.export, {"listed": "denials"}, name="export_denials"),
    path("audit/export/", exports.export, {"listed": "audit"}, name="export_audit"),
]
