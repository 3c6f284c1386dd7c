"""Addresses of pages about webhooks."""

from django.urls import path

from portal.views.webhooks import acts, webhooks

urlpatterns = [
    path("webhooks/", webhooks.webhooks, name="webhooks"),
    path("webhooks/add/", acts.add_webhook, name="add_webhook"),
    path("webhooks/<int:webhook_id>/", webhooks.webhook, name="webhook"),
    path("webhooks/<int:webhook_id>/change/", acts.change_webhook, name="change_webhook"),
    path("webhooks/<int:webhook_id>/secret/", acts.reveal_secret, name="reveal_webhook_secret"),
    path("webhooks/<int:webhook_id>/new-secret/", acts.rotate_secret, name="rotate_webhook_secret"),
    path("webhooks/<int:webhook_id>/off/", acts.turn_off_webhook, name="turn_off_webhook"),
    path("webhooks/<int:webhook_id>/on/", acts.turn_on_webhook, name="turn_on_webhook"),
    path("webhooks/<int:webhook_id>/remove/", acts.remove_webhook, name="remove_webhook"),
    path("webhooks/<int:webhook_id>/test/", acts.send_test, name="test_webhook"),
    path(
        "webhooks/<int:webhook_id>/deliveries/<int:delivery_id>/again/",
        acts.send_again,
        name="send_webhook_again",
    ),
]
