"""Turning an authenticator app on and making recovery codes, each with its record in one."""

from __future__ import annotations

from allauth.mfa.recovery_codes.forms import GenerateRecoveryCodesForm
from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.totp.views import ActivateTOTPView
from django.db.transaction import atomic
from django.http import HttpResponse

from portal.sign_in.security_changes import APP_TURNED_ON, RECOVERY_CODES_MADE, record


class TurnOnApp(ActivateTOTPView):
    """allauth's page."""

    @atomic
    def form_valid(self, form: ActivateTOTPForm) -> HttpResponse:
        """Turn the app on and record it; allauth tells of it only when both are done."""
        response = super().form_valid(form)
        record(APP_TURNED_ON, self.request.user)
        return response


class MakeRecoveryCodes(GenerateRecoveryCodesView):
    """allauth's page."""

    @atomic
    def form_valid(self, form: GenerateRecoveryCodesForm) -> HttpResponse:
        """Make the codes and record it; allauth tells of it only when both are done."""
        response = super().form_valid(form)
        record(RECOVERY_CODES_MADE, self.request.user)
        return response
