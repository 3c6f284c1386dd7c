"""Addresses of pages about the audit record."""

from django.urls import path

from portal.views.audit import log

urlpatterns = [
    path("audit/", log.log, name="audit"),
    path("audit/verify/", log.verify, name="verify_audit"),
]
