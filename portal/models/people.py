"""People: users, their memberships of accounts, and invitations."""

from __future__ import annotations

import secrets
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower, Now
from django.utils.translation import gettext_lazy

from licensing.audit import Actor
from licensing.models import Account
from licensing.models.accounts import validate_time_zone
from licensing.models.spelling import Alphabetical
from licensing.names import NameField
from portal.models.passwords import as_hashed, spellings


class Role(models.TextChoices):
    """What an account holder may do; each role may do what the one before it may."""

    VIEWER = "viewer", gettext_lazy("Viewer")
    MANAGER = "manager", gettext_lazy("Manager")
    OWNER = "owner", gettext_lazy("Owner")

    def includes(self, other: Role) -> bool:
        """Whether this role may do what ``other`` may."""
        order = list(Role)
        return order.index(self) >= order.index(other)

    @property
    def note(self) -> str:
        """What it may do, for whoever gives it to somebody."""
        return str(NOTES[self])

    @property
    def promise(self) -> str:
        """What it may do, for whoever gets it."""
        return str(PROMISES[self])


NOTES = {
    Role.VIEWER: gettext_lazy("Sees licences and who is using them."),
    Role.MANAGER: gettext_lazy("Also releases sessions, reissues keys and sets access rules."),
    Role.OWNER: gettext_lazy("Also decides who gets in, and how everybody signs in."),
}
PROMISES = {
    Role.VIEWER: gettext_lazy("You'll be able to see licences and who is using them."),
    Role.MANAGER: gettext_lazy(
        "You'll be able to release sessions, reissue keys and set access rules."
    ),
    Role.OWNER: gettext_lazy(
        "You'll be able to release sessions, reissue keys, set access rules and decide who else "
        "may."
    ),
}


class MailFailure(models.TextChoices):
    """Why mails to a person's address do not arrive, in words for whoever reads their name."""

    REFUSED = "refused", gettext_lazy("The mail server refuses this address.")
    BOUNCED = "bounced", gettext_lazy("Mails to this address come back.")


class UserManager(BaseUserManager["User"]):
    """Makes users, who sign in by e-mail address."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """A new user; without a password they sign in by a link that sets one."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def of_address(self, email: str) -> User | None:
        """Who signs in with this address, if anybody does."""
        return self.filter(email__iexact=email).first()

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        """A new user with every right in the admin."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractUser):
    """A person who signs in: an account holder, or the vendor's staff (``is_staff``)."""

    username = None  # type: ignore[assignment]
    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    name = NameField(max_length=150)
    email = models.EmailField("e-mail address", unique=True)
    time_zone = models.CharField(
        max_length=64,
        blank=True,
        validators=[validate_time_zone],
        help_text="Empty: the account's.",
    )
    language = models.CharField(
        max_length=10, blank=True, help_text="A code such as de; empty: what the browser asks for."
    )

    uses_shortcuts = models.BooleanField(
        default=True, help_text="Single keys do something on pages of the portal."
    )

    has_more_time = models.BooleanField(
        default=False,
        db_default=False,
        help_text=(
            "What was done is told, and can be undone, for two minutes instead of ten seconds."
        ),
    )

    knows_release = models.BooleanField(
        default=False, help_text="Was told at their first release what releasing does not do."
    )

    mail_fails_because = models.CharField(
        max_length=10, choices=MailFailure, blank=True, default="", db_default=""
    )
    mail_fails_since = models.DateTimeField(
        null=True, blank=True, help_text="Since then mails to the address fail for good."
    )
    mail_failed_at = models.DateTimeField(
        null=True, blank=True, help_text="When the last mail to the address failed for good."
    )

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    objects: ClassVar[UserManager] = UserManager()  # type: ignore[assignment]

    class Meta:
        ordering = [Alphabetical("name")]
        constraints = [models.UniqueConstraint(Lower("email"), name="email_is_unique")]

    def __str__(self) -> str:
        return self.name or self.email

    def set_password(self, raw_password: str | None) -> None:
        """Hash the password with composed letters."""
        super().set_password(raw_password and as_hashed(raw_password))

    def check_password(self, raw_password: str | None) -> bool:
        """Whether it is the password, with composed letters or decomposed ones."""
        check = super().check_password
        return any(check(spelling) for spelling in spellings(raw_password or ""))

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name

    @property
    def as_actor(self) -> Actor:
        """The person, as the audit record names them for good."""
        kind = "support" if self.is_staff else "person"
        return Actor(kind, str(self.pk), f"{self.name} <{self.email}>")


class MembershipQuerySet(models.QuerySet["Membership"]):
    def active(self) -> MembershipQuerySet:
        """Those of people who can sign in."""
        return self.filter(user__is_active=True)

    def owners(self) -> MembershipQuerySet:
        """Those of owners who can sign in."""
        return self.active().filter(role=Role.OWNER)


class Membership(models.Model):
    """A person's role in an account. A person may hold several accounts."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=10, choices=Role, default=Role.VIEWER)
    invited_by = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        ordering = [Alphabetical("account__name")]
        constraints = [
            models.UniqueConstraint(
                fields=["account", "user"], name="person_has_one_role_per_account"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.get_role_display()} of {self.account}"

    def allows(self, role: Role) -> bool:
        """Whether the person may do in this account what ``role`` may."""
        return Role(self.role).includes(role)


def new_invitation_code() -> str:
    """What makes an invitation's address unguessable."""
    return secrets.token_urlsafe(32)


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def pending(self) -> InvitationQuerySet:
        """Invitations that nobody accepted or cancelled, those that ended by themselves too."""
        return self.filter(accepted_at=None, cancelled_at=None)

    def open(self) -> InvitationQuerySet:
        """Invitations that can still be accepted."""
        return self.pending().filter(ends_at__gt=Now())


class Invitation(models.Model):
    """An offer to join an account, sent by mail; good once and for seven days."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="invitations")
    email = models.EmailField("e-mail address")
    role = models.CharField(max_length=10, choices=Role, default=Role.VIEWER)
    code = models.CharField(max_length=64, unique=True, default=new_invitation_code)
    invited_by = models.CharField(max_length=200)
    message = models.TextField(max_length=1000, blank=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    ends_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    asked_again_at = models.DateTimeField(
        null=True, blank=True, help_text="When the invited person asked for a new one."
    )
    mail = models.OneToOneField(
        "portal.Delivery", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.email} to {self.account}"

    @property
    def promise(self) -> str:
        """What the person will be able to do."""
        return Role(self.role).promise
