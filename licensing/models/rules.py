"""Access rules: who may take a seat of an account's licences."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from licensing.models.accounts import Account
from licensing.models.licences import Licence


class Effect(models.TextChoices):
    BLOCK = "block", gettext_lazy("Block")
    ALLOW = "allow", gettext_lazy("Only allow")


class AccessRuleQuerySet(models.QuerySet["AccessRule"]):
    def current(self) -> AccessRuleQuerySet:
        """Rules that hold now."""
        return self.filter(starts_at__lte=Now()).filter(Q(ends_at=None) | Q(ends_at__gt=Now()))

    def of_licence(self, licence: Licence) -> AccessRuleQuerySet:
        """Rules about this licence, those of the whole account included."""
        return self.filter(account=licence.account_id).filter(Q(licence=None) | Q(licence=licence))


class AccessRule(models.Model):
    """Bars people or machines, or lets only some in; for one licence or the whole account.

    A pattern is a name, or part of one with ``*`` for the rest (``[*]`` is the character
    itself), compared as names are (see ``licensing.identity``); empty means anybody. With
    one "only allow" rule in force, whoever matches none is barred; a block beats an allow.
    A rule that is lifted ends; it stays as a record.
    """

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="access_rules")
    licence = models.ForeignKey(
        Licence, null=True, blank=True, on_delete=models.CASCADE, related_name="access_rules"
    )
    effect = models.CharField(max_length=5, choices=Effect, default=Effect.BLOCK)
    username = models.CharField(max_length=255, blank=True)
    machine_name = models.CharField(max_length=255, blank=True)
    person_like = models.CharField(max_length=2048, editable=False)
    machine_like = models.CharField(max_length=2048, editable=False)
    reason = models.TextField(blank=True)
    starts_at = models.DateTimeField(db_default=Now())
    ends_at = models.DateTimeField(null=True, blank=True)
    created_by = models.CharField(max_length=255)

    objects = AccessRuleQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at=None) | Q(ends_at__gte=F("starts_at")),
                name="rule_ends_after_it_starts",
            ),
        ]

    def __str__(self) -> str:
        who, where = self.username or _("anybody"), self.machine_name or _("any machine")
        if self.effect == Effect.BLOCK:
            return _("Block %(who)s on %(where)s") % {"who": who, "where": where}
        return _("Only allow %(who)s on %(where)s") % {"who": who, "where": where}
