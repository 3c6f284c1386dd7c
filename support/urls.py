"""Addresses of the support desk."""

from django.urls import path

from support import viewing, views
from support.admin import finding
from support.oversight import pages

app_name = "support"
urlpatterns = [
    path("", views.find, name="find"),
    path("find/", finding.find, name="found"),
    path("accounts/<int:account_id>/view-as/", viewing.view_as, name="view_as"),
    path("view-as/end/", viewing.end_view, name="end_view"),
    path("activity/", pages.activity, name="activity"),
    path("activity/<str:week>/sign/", pages.sign, name="sign_activity"),
    path("mail/", views.mails, name="mails"),
    path("mail/<slug:name>/", views.mail, name="mail"),
    path("mail/<slug:name>/html/", views.mail_html, name="mail_html"),
]
