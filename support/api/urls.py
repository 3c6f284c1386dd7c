"""The addresses of the vendor's API."""

from django.urls import path

from support.api import views

app_name = "vendor_api"
urlpatterns = [
    path("accounts", views.AccountsView.as_view(), name="accounts"),
    path("accounts/<account_id>", views.AccountView.as_view(), name="account"),
    path("accounts/<account_id>/licences", views.LicencesView.as_view(), name="licences"),
    path("templates", views.TemplatesView.as_view(), name="templates"),
    path("licences/<licence_id>", views.LicenceView.as_view(), name="licence"),
    path("licences/<licence_id>/seats", views.SeatsView.as_view(), name="seats"),
    path(
        "licences/<licence_id>/emergency-seats",
        views.EmergencySeatsView.as_view(),
        name="emergency_seats",
    ),
    path("planned-seats/<planned_id>/end", views.EndSeatsView.as_view(), name="end_seats"),
    path("licences/<licence_id>/term", views.TermView.as_view(), name="term"),
    path("licences/<licence_id>/suspend", views.SuspendView.as_view(), name="suspend"),
    path("licences/<licence_id>/reinstate", views.ReinstateView.as_view(), name="reinstate"),
    path("keys/<key_id>/hand-over", views.HandOverView.as_view(), name="hand_over"),
]
