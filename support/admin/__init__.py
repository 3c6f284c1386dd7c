"""Django's admin: the raw records, for those who need more than the console shows.

Read-mostly: rows are changed by acts, which call the domain with a reason.
"""

from allauth.account.decorators import secure_admin_login
from django.conf import settings
from django.contrib import admin
from django.views.generic import RedirectView

from support.admin import (
    accounts,
    alerts,
    alm,
    audit,
    beat,
    catalogue,
    deliveries,
    denials,
    devices,
    exports,
    imports,
    kept_forms,
    keys,
    licences,
    notes,
    people,
    planned_seats,
    reports,
    requests,
    rules,
    secrets,
    sent_forms,
    sessions,
    snoozes,
    staff,
    tags,
    tokens,
    usage,
    views,
    visits,
    webhooks,
)
from support.admin.addresses import refusing_nonsense

__all__ = [
    "accounts",
    "alerts",
    "alm",
    "audit",
    "beat",
    "catalogue",
    "deliveries",
    "denials",
    "devices",
    "exports",
    "imports",
    "kept_forms",
    "keys",
    "licences",
    "notes",
    "people",
    "planned_seats",
    "reports",
    "requests",
    "rules",
    "secrets",
    "sent_forms",
    "sessions",
    "snoozes",
    "staff",
    "tags",
    "tokens",
    "usage",
    "views",
    "visits",
    "webhooks",
]

admin.site.site_header = admin.site.site_title = settings.BRAND_NAME
admin.site.index_title = "All records"
admin.site.site_url = None
admin.site.enable_nav_sidebar = False  # it leaves no room for what a list shows
admin.site.password_change = RedirectView.as_view(  # type: ignore[method-assign,assignment]
    pattern_name="account_change_password"
)
admin.site.admin_view = refusing_nonsense(admin.site.admin_view)  # type: ignore[method-assign,assignment]
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]
