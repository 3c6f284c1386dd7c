"""The addresses of signing in, and of how one signs in: allauth's pages, and our own beside them.

Where allauth's change how somebody signs in, the change and its record are done as one.
"""

from allauth.account import views as account
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.db.transaction import atomic
from django.urls import include, path, re_path, reverse_lazy
from django.views.generic import RedirectView

from portal.views.access import marked, of_ones_own_way, open_without_two_step
from portal.views.sign_in.second_steps import MakeRecoveryCodes, TurnOnApp
from portal.views.sso import coming_back, saml, ways_in

to_sign_in = RedirectView.as_view(url=reverse_lazy("account_login"))
of_own_ways = [
    path("password/change/", atomic(account.password_change), name="account_change_password"),
    path("password/set/", atomic(account.password_set), name="account_set_password"),
    path("two-step/totp/activate/", TurnOnApp.as_view(), name="mfa_activate_totp"),
    path(
        "two-step/recovery-codes/generate/",
        MakeRecoveryCodes.as_view(),
        name="mfa_generate_recovery_codes",
    ),
    path("two-step/totp/deactivate/", atomic(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path("two-step/webauthn/add/", atomic(webauthn.add_webauthn), name="mfa_add_webauthn"),
    path(
        "two-step/webauthn/keys/<int:pk>/remove/",
        atomic(webauthn.remove_webauthn),
        name="mfa_remove_webauthn",
    ),
    path("two-step/", include("allauth.mfa.urls")),
]
of_providers = [
    path("<int:account_id>/login/", ways_in.login, name="provider_login"),
    path(
        "<str:provider_id>/login/callback/",
        coming_back.callback,
        name="openid_connect_callback",
    ),
    path("<int:account_id>/saml/", saml.metadata, name="saml_metadata"),
    path("<int:account_id>/saml/answer/", saml.keep, name="saml_answer"),
    path("<int:account_id>/saml/answered/", saml.answered, name="saml_answered"),
]
of_signing_in = [
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        atomic(account.password_reset_from_key),
        name="account_reset_password_from_key",
    ),
    path("sign-ins/", include("allauth.usersessions.urls")),
    path("single-sign-on/", include(of_providers)),
    # The three ways in that begin with an address; it may belong to a provider.
    path("login/", ways_in.unless_required(account.login, "login"), name="account_login"),
    path(
        "login/code/",
        ways_in.unless_required(account.request_login_code, "email"),
        name="account_request_login_code",
    ),
    path(
        "password/reset/",
        ways_in.unless_required(account.password_reset, "email"),
        name="account_reset_password",
    ),
    # Both addresses confirm a change; allauth's own page asks the new one alone. Its pages that
    # confirm one nobody is led to: whoever is there signs in.
    path("email/", RedirectView.as_view(pattern_name="portal:change_email")),
    path("confirm-email/", to_sign_in, name="account_email_verification_sent"),
    path("confirm-email/<str:key>/", to_sign_in, name="account_confirm_email"),
    path("", include("allauth.account.urls")),
]
urlpatterns = [
    *(marked(open_without_two_step, marked(of_ones_own_way, way)) for way in of_own_ways),
    *(marked(open_without_two_step, address) for address in of_signing_in),
]
