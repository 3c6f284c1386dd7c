"""How allauth behaves here: nobody signs up, people are invited."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):
    """allauth's account flows, closed to strangers."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """No: an account holder or the vendor invites people."""
        return False

    def format_email_subject(self, subject: Any) -> str:
        """The subject without a site's name in brackets: the fact comes first."""
        return str(subject)
