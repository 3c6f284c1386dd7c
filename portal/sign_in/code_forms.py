"""allauth's form for a mailed code: nobody keeps others from theirs by asking for many."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import RequestLoginCodeForm
from allauth.core import context
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy

from portal.sign_in import guesses


class RequestCode(RequestLoginCodeForm):
    """Whose mailbox the code goes to."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["email"].label = gettext_lazy("E-mail address")

    def clean_email(self) -> str:
        """The address; refused when too many codes were asked for, for it or from here."""
        try:
            email: str = super().clean_email()
        except ValidationError as error:
            if error.code == "too_many_login_attempts":  # whose words offer a code
                raise get_adapter().validation_error("too_many_codes_from_here") from error
            raise
        if guesses.are_too_many_codes(context.request, email):
            raise get_adapter().validation_error("too_many_codes")
        return email
