"""Addresses of the support console, and of the demo's mails."""

from django.urls import path

from licensing.models import Account
from support import viewing, views
from support.console import (
    accounts,
    acts,
    alm,
    approving,
    catalogue,
    exports,
    finding,
    imports,
    personal,
    queues,
    records,
    renewals,
    tokens,
    webhooks,
)
from support.console.stories import page as stories
from support.console.tables import ALL
from support.console.tabs import TABS
from support.oversight import pages, retention

app_name = "support"
tabs = [
    path(f"accounts/<int:pk>/{name}/", accounts.account, {"tab": name}, f"account_{name}")
    for name in (tab.name for tab in TABS)
]
record_pages = [
    path(f"records/{name}/<slug:pk>/", records.record, {"table": name}, name)
    for name in (one.name for one in ALL if one.model is not Account)
]
act_pages = [
    path(
        f"acts/{one.name}/{act.name}/",
        acts.act,
        {"table": one.name, "name": act.name},
        f"{one.name}_{act.name}",
    )
    for one in ALL
    for act in one.kind.acts
]
urlpatterns = [
    path("", finding.first_page, name="find"),
    path("find/", finding.find, name="found"),
    path("accounts/<int:pk>/", accounts.account, {"tab": TABS[0].name}, name="account"),
    *tabs,
    *record_pages,
    *act_pages,
    path("exports/<int:export_id>/", exports.download, name="export"),
    path("story/", stories.look_up, name="story"),
    path("requests/", queues.requests, name="requests"),
    path("catalogue/", catalogue.catalogue, name="catalogue"),
    path("renewals/", renewals.renewals, name="renewals"),
    path("renewals/export/", renewals.export, name="export_renewals"),
    path("renewals/calendar/make/", renewals.make_calendar, name="make_renewal_calendar"),
    path("renewals/calendar/remove/", renewals.remove_calendar, name="remove_renewal_calendar"),
    path("renewals/calendar/<str:code>.ics", renewals.calendar, name="renewal_calendar"),
    path("leases/", queues.leases, name="leases"),
    path("approvals/", approving.waiting, name="approvals"),
    *(
        path(f"approvals/<int:pk>/{one}/", approving.judge, {"verdict": one}, f"approval_{one}")
        for one in ("approve", "decline")
    ),
    path("approvals/<int:pk>/withdraw/", approving.withdraw, name="approval_withdraw"),
    path("accounts/<int:account_id>/view-as/", viewing.view_as, name="view_as"),
    path("accounts/<int:pk>/alm/", alm.move, name="alm_move"),
    path("accounts/<int:pk>/imports/<int:import_id>/", imports.one, name="import"),
    path("accounts/<int:pk>/export-person/", personal.export_person, name="export_person"),
    path("retention/", retention.retention, name="retention"),
    path("view-as/end/", viewing.end_view, name="end_view"),
    path("activity/", pages.activity, name="activity"),
    path("activity/<str:week>/sign/", pages.sign, name="sign_activity"),
    path("webhooks/", webhooks.webhooks, name="own_webhooks"),
    path("webhooks/add/", webhooks.add_webhook, name="add_own_webhook"),
    path("webhooks/<int:webhook_id>/", webhooks.webhook, name="own_webhook"),
    *(
        path(f"webhooks/<int:webhook_id>/{address}/", view, name=f"{name}_own_webhook")
        for address, name, view in (
            ("change", "change", webhooks.change_webhook),
            ("new-secret", "rotate", webhooks.replace_secret),
            ("off", "turn_off", webhooks.turn_off),
            ("on", "turn_on", webhooks.turn_on),
            ("remove", "remove", webhooks.remove_webhook),
            ("test", "test", webhooks.send_test),
        )
    ),
    path(
        "webhooks/<int:webhook_id>/deliveries/<int:delivery_id>/again/",
        webhooks.send_again,
        name="send_own_webhook_again",
    ),
    path("tokens/", tokens.staff_tokens, name="tokens"),
    path("tokens/add/", tokens.add_token, name="add_token"),
    path("tokens/<int:token_id>/revoke/", tokens.revoke_token, name="revoke_token"),
    path("mail/", views.mails, name="mails"),
    path("mail/<slug:name>/", views.mail, name="mail"),
    path("mail/<slug:name>/html/", views.mail_html, name="mail_html"),
]
