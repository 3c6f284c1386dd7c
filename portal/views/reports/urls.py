"""Addresses of pages about reports."""

from django.urls import path

from portal.views.reports import acts, calendars, reports, stopping

urlpatterns = [
    path("reports/", reports.reports, name="reports"),
    path("reports/order/", acts.order_report, name="order_report"),
    path("reports/<int:report_id>/change/", acts.change_report, name="change_report"),
    path("reports/<int:report_id>/pause/", acts.pause_report, name="pause_report"),
    path("reports/<int:report_id>/resume/", acts.resume_report, name="resume_report"),
    path("reports/<int:report_id>/end/", acts.end_report, name="end_report"),
    path("reports/<int:report_id>/send/", acts.send_report, name="send_report"),
    path("calendar/make/", calendars.make_calendar, name="make_calendar"),
    path("calendar/remove/", calendars.remove_calendar, name="remove_calendar"),
    path("calendar/<str:code>.ics", calendars.calendar, name="calendar"),
    path("reports/stop/<str:code>/", stopping.stop_report, name="stop_report"),
]
