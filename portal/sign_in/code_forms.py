"""allauth's form for a mailed code: nobody keeps others from theirs by asking for many."""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from allauth.account.forms import RequestLoginCodeForm
from allauth.core import context

from portal.sign_in import guesses


class RequestCode(RequestLoginCodeForm):
    """Whose mailbox the code goes to."""

    def clean_email(self) -> str:
        """The address; refused when too many codes were asked for it from elsewhere."""
        email: str = super().clean_email()
        if guesses.are_too_many_codes(context.request, email):
            raise get_adapter().validation_error("too_many_codes")
        return email
