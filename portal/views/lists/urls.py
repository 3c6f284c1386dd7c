"""Addresses of pages about lists themselves."""

from django.urls import path

from portal.views.lists import columns, saved_views

urlpatterns = [
    path("columns/<str:name>/", columns.choose, name="choose_columns"),
    path("views/<str:listed>/save/", saved_views.save_view, name="save_view"),
    path("views/<int:view_id>/rename/", saved_views.change_view, name="change_view"),
    path("views/<int:view_id>/delete/", saved_views.delete_view, name="delete_view"),
]
