"""Addresses of pages about use over time."""

from django.urls import path

from portal.views.usage import denials, usage

urlpatterns = [
    path("usage/", usage.usage, name="usage"),
    path("usage/denials/", denials.denials, name="denials"),
]
