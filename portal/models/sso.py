"""Single sign-on: an account's own sign-in service, and the e-mail domains it may speak for."""

from __future__ import annotations

import secrets
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy

from licensing.models import Account
from licensing.names import NameField
from portal.models.people import Membership


def new_token() -> str:
    """What a domain's DNS has to say, which nobody can guess."""
    return secrets.token_urlsafe(24)


class Protocol(models.TextChoices):
    """The languages of sign-in services."""

    OPENID = "openid", gettext_lazy("OpenID Connect")
    SAML = "saml", gettext_lazy("SAML 2.0")


class SingleSignOn(models.Model):
    """An account's own sign-in service, its provider; an account without a row has none."""

    account = models.OneToOneField(
        Account, on_delete=models.CASCADE, primary_key=True, related_name="single_sign_on"
    )
    protocol = models.CharField(
        max_length=10, choices=Protocol.choices, default=Protocol.OPENID, db_default=Protocol.OPENID
    )
    issuer = models.CharField(
        max_length=1024, help_text="The provider's name: its OpenID issuer, or SAML entity ID."
    )
    client_id = NameField(max_length=200, blank=True, help_text="OpenID Connect only.")
    encrypted_secret = models.BinaryField(default=bytes, help_text="OpenID Connect only.")
    sign_in_url = models.CharField(max_length=1024, blank=True, help_text="SAML only.")
    certificates = ArrayField(
        models.TextField(), default=list, blank=True, help_text="What SAML answers are signed with."
    )
    metadata_url = models.URLField(
        max_length=1024, blank=True, help_text="Where SAML certificates are fetched anew; or empty."
    )
    metadata_read_at = models.DateTimeField(null=True, blank=True)
    metadata_failed_at = models.DateTimeField(
        null=True, blank=True, help_text="Since then the SAML metadata could not be read."
    )
    sign_in_origin = models.CharField(
        max_length=300, help_text="Where browsers are sent, for the page's security policy."
    )
    changed_at = models.DateTimeField(db_default=Now(), editable=False)
    tested_at = models.DateTimeField(
        null=True, blank=True, help_text="When an owner came back from it, set up as it is."
    )
    required_at = models.DateTimeField(
        null=True, blank=True, help_text="Since then people in verified domains need it."
    )
    takes_newcomers = models.BooleanField(
        default=False, help_text="People in verified domains whom nobody invited join as viewers."
    )

    class Meta:
        verbose_name_plural = "single sign-on"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(protocol=Protocol.OPENID) & ~models.Q(client_id="")
                | models.Q(protocol=Protocol.SAML, certificates__len__gt=0)
                & ~models.Q(sign_in_url=""),
                name="provider_is_complete_in_its_protocol",
            ),
        ]

    def __str__(self) -> str:
        return f"Single sign-on of {self.account}"


def domain_of(email: str) -> str:
    """The part of an address after its last @, in small letters."""
    return email.rpartition("@")[2].strip().lower()


class VerifiedDomainQuerySet(models.QuerySet["VerifiedDomain"]):
    def verified(self) -> VerifiedDomainQuerySet:
        """Those whose DNS has shown the token."""
        return self.filter(verified_at__isnull=False)

    def of(self, email: str) -> VerifiedDomainQuerySet:
        """The verified ones that an address is in; of one account one at most."""
        return self.verified().filter(name=domain_of(email))


class VerifiedDomain(models.Model):
    """An e-mail domain that an account claims; it counts once its DNS has shown the token."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="email_domains")
    name = models.CharField(max_length=253)
    token = models.CharField(max_length=64, default=new_token, editable=False)
    verified_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = VerifiedDomainQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["name"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["account", "name"], name="account_claims_domain_once"),
            models.UniqueConstraint(
                fields=["name"],
                condition=models.Q(verified_at__isnull=False),
                name="domain_is_verified_for_one_account",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ProviderLink(models.Model):
    """Who of the account's people somebody at its provider is, known by the provider's own id."""

    single = models.ForeignKey(SingleSignOn, on_delete=models.CASCADE, related_name="links")
    membership = models.OneToOneField(
        Membership, on_delete=models.CASCADE, related_name="provider_link"
    )
    subject = models.CharField(max_length=256)
    linked_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering: ClassVar[list[str]] = ["-linked_at"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["single", "subject"], name="subject_is_one_person_per_account"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.membership.user} at {self.single.issuer}"
