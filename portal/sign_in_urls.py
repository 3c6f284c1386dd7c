"""allauth's pages that change how somebody signs in: the change and its record are done as one."""

from allauth.account import views as account
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.db.transaction import atomic
from django.urls import path, re_path

from portal.views.sign_in.second_steps import MakeRecoveryCodes, TurnOnApp

urlpatterns = [
    path("password/change/", atomic(account.password_change), name="account_change_password"),
    path("password/set/", atomic(account.password_set), name="account_set_password"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        atomic(account.password_reset_from_key),
        name="account_reset_password_from_key",
    ),
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
]
