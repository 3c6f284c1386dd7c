"""Addresses of pages about alerts."""

from django.urls import path

from portal.views.alerts import acts, alerts, feeds, mails

RULE = "alerts/rules/<int:alert_rule_id>/"

urlpatterns = [
    path("alerts/", alerts.alerts, name="alerts"),
    path("alerts/rows/", alerts.alert_rows, name="alert_rows"),
    path("alerts/bell/", alerts.alert_bell, name="alert_bell"),
    path("alerts/<int:alert_id>/snooze/", alerts.snooze_alert, name="snooze_alert"),
    path("alerts/<int:alert_id>/stop/", mails.stop_mails_of_alert, name="stop_mails_of_alert"),
    path("alerts/wake/", alerts.wake_alerts, name="wake_alerts"),
    path("alerts/rules/add/", acts.add_alert_rule, name="add_alert_rule"),
    path(
        "alerts/rules/<int:alert_rule_id>/change/", acts.change_alert_rule, name="change_alert_rule"
    ),
    path(f"{RULE}pause/", acts.pause_alert_rule, name="pause_alert_rule"),
    path(
        "alerts/rules/<int:alert_rule_id>/on/", acts.turn_on_alert_rule, name="turn_on_alert_rule"
    ),
    path(
        "alerts/rules/<int:alert_rule_id>/remove/", acts.remove_alert_rule, name="remove_alert_rule"
    ),
    path(f"{RULE}test/", acts.test_alert_rule, name="test_alert_rule"),
    path(f"{RULE}mails/", mails.get_alert_mails, name="get_alert_mails"),
    path(f"{RULE}stop/", mails.stop_rule_mails, name="stop_rule_mails"),
    path("alerts/feed/make/", feeds.make_alert_feed, name="make_alert_feed"),
    path("alerts/feed/remove/", feeds.remove_alert_feed, name="remove_alert_feed"),
    path("alerts/feed/<str:code>.atom", feeds.alert_feed, name="alert_feed"),
    path("alerts/stop/<str:signed>/", mails.stop_alert_mails, name="stop_alert_mails"),
]
