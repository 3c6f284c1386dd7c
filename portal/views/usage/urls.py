"""Addresses of pages about use over time."""

from django.urls import path

from portal.views.usage import denials

urlpatterns = [
    path("usage/denials/", denials.denials, name="denials"),
]
