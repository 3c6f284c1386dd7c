"""API tokens: what an account's own programs prove themselves by, and what all tokens have."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy

from licensing.models import Account
from licensing.names import NameField


class Scope(models.TextChoices):
    """What a token may do. The values are public: programs' authors read them in answers."""

    LICENCES = "licences:read", gettext_lazy("Read licences and masked keys")
    SESSIONS = "sessions:read", gettext_lazy("Read sessions")
    USAGE = "usage:read", gettext_lazy("Read usage and denials")
    AUDIT = "audit:read", gettext_lazy("Read the audit log")
    PEOPLE = "people:read", gettext_lazy("Read people and their roles")
    RELEASE = "sessions:release", gettext_lazy("Release sessions")
    NAMES = "names:read", gettext_lazy("See real names, even where viewers see aliases")


WORKS_NOW = models.Q(revoked_at=None, ends_at__gt=Now())


class SecretToken(models.Model):
    """A secret that opens an API within its scopes, until it ends or is revoked.

    Only a keyed digest is stored: the token itself is shown once, when it is made.
    ``starts_with`` names it to people who look for it in their own programs.
    """

    name = NameField(max_length=100)
    starts_with = models.CharField(max_length=12)
    digest = models.BinaryField(unique=True, max_length=32)
    scopes = ArrayField(models.CharField(max_length=20))
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    ends_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True)
    last_used_from = models.GenericIPAddressField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    def may(self, scope: str) -> bool:
        """Whether the token has this scope."""
        return scope in self.scopes


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    def working(self) -> ApiTokenQuerySet:
        """Tokens that open the API now."""
        return self.filter(WORKS_NOW)


class ApiToken(SecretToken):
    """A secret that opens the customer API for one account."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="api_tokens")
    scopes = ArrayField(models.CharField(max_length=20, choices=Scope))
    created_by = models.CharField(max_length=255)
    end_told_at = models.DateTimeField(
        null=True, blank=True, help_text="When owners were told that it ends soon."
    )
    networks = ArrayField(
        models.CharField(max_length=43),
        default=list,
        db_default=[],
        blank=True,
        help_text="Where it was used from, such as 192.0.2.0/24.",
    )

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        verbose_name = "API token"
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(scopes__len__gt=0), name="api_token_may_do_something"
            ),
        ]
