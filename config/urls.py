"""Every address of the product."""

from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path

from licensing.api.health import AliveView, ReadyView
from licensing.api.views import KeySetView
from portal.views.access import marked, open_while_closed
from portal.views.desk import disclosure

handler400 = "config.errors.bad_request"
handler403 = "config.errors.forbidden"
handler404 = "config.errors.not_found"
handler500 = "config.errors.server_error"

admin.autodiscover()  # here, not at every start: only who answers pages needs the tables

urlpatterns = [
    path("api/v1/account/", include("portal.api.urls")),
    path("api/v1/vendor/", include("support.api.urls")),
    marked(open_while_closed, path("api/v1/", include("licensing.api.urls"))),
    path(".well-known/jwks.json", KeySetView.as_view(), name="key_set"),
    path(".well-known/security.txt", disclosure.security_txt, name="security_txt"),
    path("healthz", AliveView.as_view(), name="alive"),
    path("readyz", ReadyView.as_view(), name="ready"),
    marked(open_while_closed, path("support/", include("support.urls"))),
    marked(open_while_closed, path("admin/", admin.site.urls)),
    path("accounts/", include("portal.sign_in_urls")),
    path("", include("portal.urls")),
]
if settings.METRICS_TOKEN:  # else there is no such address
    from config.metrics import metrics

    told_to_monitoring = path("metrics", metrics, name="metrics")
    urlpatterns.append(marked(login_not_required, marked(open_while_closed, told_to_monitoring)))
if apps.is_installed("anymail"):  # a provider of mail tells there what became of mails
    told_by_provider = path("anymail/", include("anymail.urls"))
    urlpatterns.append(marked(login_not_required, marked(open_while_closed, told_by_provider)))
