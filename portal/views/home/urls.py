"""Addresses of the home page."""

from django.urls import path

from portal.views.home import home

urlpatterns = [
    path("", home.home, name="home"),
    path("snooze/", home.snooze, name="snooze"),
    path("wake/", home.wake, name="wake"),
]
