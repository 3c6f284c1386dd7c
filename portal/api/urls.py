"""The addresses of the customer API."""

from django.urls import path

from portal.api import views

app_name = "account_api"
urlpatterns = [
    path("", views.AccountView.as_view(), name="account"),
    path("licences", views.LicencesView.as_view(), name="licences"),
    path("licences/<licence_id>", views.LicenceView.as_view(), name="licence"),
    path("keys", views.KeysView.as_view(), name="keys"),
    path("sessions", views.SessionsView.as_view(), name="sessions"),
    path("sessions/<session_id>", views.SessionView.as_view(), name="session"),
    path("sessions/<session_id>/release", views.ReleaseView.as_view(), name="release"),
    path("denials", views.DenialsView.as_view(), name="denials"),
    path("usage", views.UsageView.as_view(), name="usage"),
    path("audit", views.AuditView.as_view(), name="audit"),
    path("people", views.PeopleView.as_view(), name="people"),
]
