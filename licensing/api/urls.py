"""The addresses of the client API. Session addresses end without a slash."""

from django.urls import path
from drf_spectacular.renderers import OpenApiJsonRenderer2
from drf_spectacular.views import SpectacularJSONAPIView

from licensing.api import docs, views

app_name = "api"
urlpatterns = [
    # Asked for most, so found first.
    path("sessions/<session_id>/refresh", views.RefreshView.as_view(), name="refresh"),
    path("sessions", views.SessionsView.as_view(), name="sessions"),
    path("sessions/<session_id>", views.SessionView.as_view(), name="session"),
    path("sessions/<session_id>/device", views.DeviceView.as_view(), name="device"),
    path(
        "schema/",
        SpectacularJSONAPIView.as_view(renderer_classes=[OpenApiJsonRenderer2]),
        name="schema",
    ),
    path("docs/", docs.DocsView.as_view(url_name="api:schema"), name="docs"),
    path("docs/problems/", docs.problem_list, name="problems"),
]
