"""Addresses of pages about alerts."""

from django.urls import path

from portal.views.alerts import acts, alerts, mails

urlpatterns = [
    path("alerts/", alerts.alerts, name="alerts"),
    path("alerts/rows/", alerts.rows, name="alert_rows"),
    path("alerts/bell/", alerts.bell, name="alert_bell"),
    path("alerts/<int:alert_id>/snooze/", alerts.snooze, name="snooze_alert"),
    path("alerts/wake/", alerts.wake, name="wake_alerts"),
    path("alerts/rules/add/", acts.add_rule, name="add_alert_rule"),
    path("alerts/rules/<int:alert_rule_id>/change/", acts.change_rule, name="change_alert_rule"),
    path("alerts/rules/<int:alert_rule_id>/pause/", acts.pause_rule, name="pause_alert_rule"),
    path("alerts/rules/<int:alert_rule_id>/on/", acts.turn_on_rule, name="turn_on_alert_rule"),
    path("alerts/rules/<int:alert_rule_id>/remove/", acts.remove_rule, name="remove_alert_rule"),
    path("alerts/rules/<int:alert_rule_id>/test/", acts.test_rule, name="test_alert_rule"),
    path("alerts/rules/<int:alert_rule_id>/mails/", mails.get_again, name="get_alert_mails"),
    path("alerts/stop/<str:signed>/", mails.stop, name="stop_alert_mails"),
]
