"""Addresses of pages about whoever needs help."""

from django.urls import path

from portal.views.desk import help, requests

urlpatterns = [
    path("help/", help.help_page, name="help"),
    path("help/shortcuts/", help.shortcuts, name="shortcuts"),
    path("status/", help.status, name="status"),
    path("requests/", requests.requests, name="requests"),
    path("requests/new/", requests.new, name="new_request"),
    path("requests/<int:request_id>/", requests.one, name="request"),
    path("requests/<int:request_id>/withdraw/", requests.withdraw, name="withdraw_request"),
]
