"""Addresses of pages about whoever needs help."""

from django.urls import path

from portal.views.desk import help, requests

urlpatterns = [
    path("help/", help.help_page, name="help"),
    path("help/shortcuts/", help.shortcuts, name="shortcuts"),
    path("status/", help.status, name="status"),
    path("requests/", requests.requests, name="requests"),
    path("requests/new/", requests.new_request, name="new_request"),
    path("requests/<int:request_id>/", requests.one_request, name="request"),
    path("requests/<int:request_id>/withdraw/", requests.withdraw_request, name="withdraw_request"),
]
