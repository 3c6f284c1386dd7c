"""The customers' pages: each subject lists its own addresses."""

from django.urls import include, path

app_name = "portal"

urlpatterns = [
    path("", include("portal.views.home.urls")),
    path("", include("portal.views.search.urls")),
    path("", include("portal.views.licences.urls")),
    path("", include("portal.views.sessions.urls")),
    path("", include("portal.views.usage.urls")),
    path("", include("portal.views.desktops.urls")),
    path("", include("portal.views.exports.urls")),
    path("", include("portal.views.reports.urls")),
    path("", include("portal.views.alerts.urls")),
    path("", include("portal.views.people.urls")),
    path("", include("portal.views.sign_in.urls")),
    path("", include("portal.views.sso.urls")),
    path("", include("portal.views.webhooks.urls")),
    path("", include("portal.views.audit.urls")),
    path("", include("portal.views.desk.urls")),
    path("", include("portal.views.lists.urls")),
]
