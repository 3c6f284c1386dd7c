"""What an account's owners decided for everybody who signs in to it."""

from __future__ import annotations

from django.db import models

from licensing.models import Account


class AccountPreferences(models.Model):
    """One account's choices; an account without a row has the defaults."""

    account = models.OneToOneField(
        Account, on_delete=models.CASCADE, primary_key=True, related_name="preferences"
    )
    two_step_required_from = models.DateTimeField(
        null=True, blank=True, help_text="From then on nobody gets in without two-step sign-in."
    )
    sign_out_after_hours = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Whoever does nothing for so long has to sign in again."
    )
    shows_aliases = models.BooleanField(
        default=False, help_text="Viewers see stable aliases instead of people and machines."
    )

    class Meta:
        verbose_name_plural = "account preferences"

    def __str__(self) -> str:
        return f"Preferences of {self.account}"

    @classmethod
    def of(cls, account: Account) -> AccountPreferences:
        """The account's choices, the defaults if it never chose."""
        return cls.objects.filter(account=account).first() or cls(account=account)
