"""How allauth behaves here: nobody signs up, people are invited."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.utils.translation import gettext_lazy


class AccountAdapter(DefaultAccountAdapter):
    """allauth's account flows, closed to strangers."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": gettext_lazy("That e-mail and password don't match."),
        "too_many_login_attempts": gettext_lazy("Too many tries. Wait 30 seconds."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """No: an account holder or the vendor invites people."""
        return False

    def format_email_subject(self, subject: Any) -> str:
        """The subject without a site's name in brackets: the fact comes first."""
        return str(subject)
