"""Addresses of people and machines as programs know them.

Their names are no part of a path, for those of Windows have backslashes, of which proxies make
others; they stand in addresses as the filters of lists have them.
"""

from django.urls import path

from portal.views.desktops import desktops

urlpatterns = [
    path("person/", desktops.person, name="person"),
    path("machine/", desktops.machine, name="machine"),
]
