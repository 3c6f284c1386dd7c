"""Addresses of the search."""

from django.urls import path

from portal.views.search import search

urlpatterns = [
    path("search/", search.search, name="search"),
]
