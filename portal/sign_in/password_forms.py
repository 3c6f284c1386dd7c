"""allauth's forms for passwords, labelled like the other forms here."""

from __future__ import annotations

from allauth.account.forms import (
    ChangePasswordForm,
    PasswordField,
    ResetPasswordKeyForm,
    SetPasswordField,
    SetPasswordForm,
)
from django.utils.translation import gettext_lazy

NEW = gettext_lazy("New password")
AGAIN = gettext_lazy("New password again")


class ChangePassword(ChangePasswordForm):
    """Another password for somebody who knows the present one."""

    oldpassword = PasswordField(
        show_reset_help=True,
        label=gettext_lazy("Current password"),
        autocomplete="current-password",
    )
    password1 = SetPasswordField(label=NEW)
    password2 = PasswordField(label=AGAIN, autocomplete="new-password")


class SetPassword(SetPasswordForm):
    """The first password of somebody who signed in by other means until now."""

    password1 = SetPasswordField(label=NEW)
    password2 = PasswordField(label=AGAIN, autocomplete="new-password")


class ResetPassword(ResetPasswordKeyForm):
    """A new password for somebody who came by a mailed link."""

    password1 = SetPasswordField(label=NEW)
    password2 = PasswordField(label=AGAIN, autocomplete="new-password")
