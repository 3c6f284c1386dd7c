"""From where, and with what, a person has signed in."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now

from portal.models.people import User


class SignIn(models.Model):
    """A browser in a range of addresses that a person signed in with, and when last."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="sign_ins")
    browser = models.CharField(max_length=100)
    network = models.CharField(max_length=50)
    at = models.DateTimeField("last", db_default=Now())

    class Meta:
        verbose_name = "sign-in"
        ordering = ["-at"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "browser", "network"], name="sign_in_is_remembered_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.browser}, {self.network}"
