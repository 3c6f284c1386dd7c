"""Every address of the product."""

from allauth.account import views as own_ways
from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from licensing.api.health import AliveView, ReadyView
from licensing.api.views import KeySetView
from portal.views.desk import disclosure
from portal.views.sso import saml, ways_in

handler400 = "config.errors.bad_request"
handler403 = "config.errors.forbidden"
handler404 = "config.errors.not_found"
handler500 = "config.errors.server_error"

urlpatterns = [
    path("api/v1/account/", include("portal.api.urls")),
    path("api/v1/", include("licensing.api.urls")),
    path(".well-known/jwks.json", KeySetView.as_view(), name="key_set"),
    path(".well-known/security.txt", disclosure.security_txt, name="security_txt"),
    path("healthz", AliveView.as_view(), name="alive"),
    path("readyz", ReadyView.as_view(), name="ready"),
    path("support/", include("support.urls")),
    path("admin/", admin.site.urls),
    path("accounts/", include("portal.sign_in_urls")),
    path("accounts/two-step/", include("allauth.mfa.urls")),
    path("accounts/sign-ins/", include("allauth.usersessions.urls")),
    path("accounts/single-sign-on/<int:account_id>/login/", ways_in.login, name="provider_login"),
    path(
        "accounts/single-sign-on/<str:provider_id>/login/callback/",
        ways_in.callback,
        name="openid_connect_callback",
    ),
    path("accounts/single-sign-on/<int:account_id>/saml/", saml.metadata, name="saml_metadata"),
    path("accounts/single-sign-on/<int:account_id>/saml/answer/", saml.keep, name="saml_answer"),
    path(
        "accounts/single-sign-on/<int:account_id>/saml/answered/",
        saml.answered,
        name="saml_answered",
    ),
    # The three ways in that begin with an address; it may belong to a provider.
    path("accounts/login/", ways_in.unless_required(own_ways.login, "login"), name="account_login"),
    path(
        "accounts/login/code/",
        ways_in.unless_required(own_ways.request_login_code, "email"),
        name="account_request_login_code",
    ),
    path(
        "accounts/password/reset/",
        ways_in.unless_required(own_ways.password_reset, "email"),
        name="account_reset_password",
    ),
    # Both addresses confirm a change; allauth's own page asks the new one alone.
    path("accounts/email/", RedirectView.as_view(pattern_name="portal:change_email")),
    path("accounts/", include("allauth.account.urls")),
    path("", include("portal.urls")),
]
