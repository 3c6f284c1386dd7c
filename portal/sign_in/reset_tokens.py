"""What makes a link to a new password good once, and only while its person may sign in.

allauth loads it while it loads its own forms: nothing else may import it.
"""

from __future__ import annotations

from allauth.account.forms import EmailAwarePasswordResetTokenGenerator

from portal.models import User


class ResetTokenGenerator(EmailAwarePasswordResetTokenGenerator):
    """allauth's, which ends a link with a new password, sign-in or address, and for the barred."""

    def _make_hash_value(self, user: User, timestamp: int) -> str:
        """What a link is made of; when any of it changes, the link is over."""
        return f"{super()._make_hash_value(user, timestamp)}{user.is_active}"
