"""Addresses of the support desk."""

from django.urls import path

from support import views
from support.admin import finding

app_name = "support"
urlpatterns = [
    path("", views.find, name="find"),
    path("find/", finding.find, name="found"),
    path("mail/", views.mails, name="mails"),
    path("mail/<slug:name>/", views.mail, name="mail"),
    path("mail/<slug:name>/html/", views.mail_html, name="mail_html"),
]
