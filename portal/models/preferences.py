"""What an account's owners decided for everybody, and what a person chose for themselves."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy

from licensing.models import Account
from portal.models.people import User


class Density(models.TextChoices):
    """How much room the rows of lists take."""

    COMFORTABLE = "comfortable", gettext_lazy("Comfortable")
    COMPACT = "compact", gettext_lazy("Compact")


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


class PersonPreferences(models.Model):
    """How one person likes their lists, in every account; without a row, as they are at first."""

    person = models.OneToOneField(
        User, on_delete=models.CASCADE, primary_key=True, related_name="preferences"
    )
    density = models.CharField(max_length=12, choices=Density, default=Density.COMFORTABLE)
    columns = models.JSONField(
        default=dict, blank=True, help_text="The columns chosen for a table, by the table's name."
    )

    class Meta:
        verbose_name_plural = "person preferences"

    def __str__(self) -> str:
        return f"Preferences of {self.person}"
