"""Addresses of the support desk."""

from django.urls import path

from support import views

app_name = "support"
urlpatterns = [path("", views.find, name="find")]
