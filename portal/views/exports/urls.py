"""Addresses of pages about lists as files."""

from django.urls import path

from portal.views.exports import exports

urlpatterns = [
    path("licences/export/", exports.export, {"listed": "licences"}, name="export_licences"),
    path("sessions/export/", exports.export, {"listed": "sessions"}, name="export_sessions"),
    path("keys/export/", exports.export, {"listed": "machines"}, name="export_machines"),
    path("exports/<int:export_id>/", exports.download_export, name="export"),
    path("usage/denials/export/", exports.export, {"listed": "denials"}, name="export_denials"),
    path("usage/export/", exports.export, {"listed": "usage"}, name="export_usage"),
    path("usage/days/export/", exports.export, {"listed": "usage_days"}, name="export_usage_days"),
    path(
        "usage/sessions/export/",
        exports.export,
        {"listed": "usage_sessions"},
        name="export_usage_sessions",
    ),
    path(
        "usage/groups/export/",
        exports.export,
        {"listed": "usage_groups"},
        name="export_usage_groups",
    ),
    path("usage/week/export/", exports.export, {"listed": "usage_week"}, name="export_usage_week"),
    path(
        "usage/levels/export/",
        exports.export,
        {"listed": "usage_levels"},
        name="export_usage_levels",
    ),
    path(
        "usage/sizes/export/", exports.export, {"listed": "usage_sizes"}, name="export_usage_sizes"
    ),
    path(
        "usage/other-model/export/",
        exports.export,
        {"listed": "usage_other_model"},
        name="export_usage_other_model",
    ),
    path(
        "usage/people/export/",
        exports.export,
        {"listed": "usage_people"},
        name="export_usage_people",
    ),
    path(
        "usage/versions/export/",
        exports.export,
        {"listed": "usage_versions"},
        name="export_usage_versions",
    ),
    path("audit/export/", exports.export, {"listed": "audit"}, name="export_audit"),
]
