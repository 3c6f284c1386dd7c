"""Addresses of the support desk."""

from django.urls import path

from support import views

app_name = "support"
urlpatterns = [
    path("", views.find, name="find"),
    path("mail/", views.mails, name="mails"),
    path("mail/<slug:name>/", views.mail, name="mail"),
    path("mail/<slug:name>/html/", views.mail_html, name="mail_html"),
]
