"""How allauth behaves here: nobody signs up, people are invited."""

from __future__ import annotations

import datetime as dt
from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.stagekit import clear_login
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.hashers import check_password, make_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy

from licensing import encryption
from licensing.api import addresses
from licensing.clock import database_time
from portal.mail import deliveries, mails
from portal.mail.transport import Text
from portal.models import User
from portal.models.passwords import as_hashed, spellings
from portal.sent import kept_forms
from portal.sign_in import guesses, landing, security_changes, sign_ins, ways_in
from portal.words.browsers import browser

UNKNOWN_ADDRESS = "0.0.0.0"  # noqa: S104, nothing listens there
"""Of whoever comes by a Unix socket: allauth's list of open sessions wants an address."""


GOOD_FOR = {
    "login_code": settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT,
    "password_reset_key": settings.PASSWORD_RESET_TIMEOUT,
}
"""Seconds, for which the code or link in a mail of allauth's is good."""


def compose(user: User, password: str) -> None:
    """Hash a password with composed letters that was hashed as it was typed."""
    if password.isascii() or check_password(as_hashed(password), user.password):
        return
    user.set_password(password)
    user.save(update_fields=["password"])


class AccountAdapter(DefaultAccountAdapter):
    """allauth's account flows, closed to strangers."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": gettext_lazy("That e-mail and password don't match."),
        "too_many_login_attempts": gettext_lazy(
            "Too many tries. Wait 30 seconds, or use a sign-in code."
        ),
        "too_many_guesses": gettext_lazy(
            "Too many wrong passwords. Use a sign-in code or a passkey, or wait an hour."
        ),
        "too_many_codes": gettext_lazy(
            "Too many codes were asked for. Use your password or a passkey, or wait an hour."
        ),
        "too_many_codes_from_here": gettext_lazy(
            "Too many codes were asked for. Wait a minute, or use your password or a passkey."
        ),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """No: an account holder or the vendor invites people."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """The address that asked, as every record and brake of the product has it."""
        return addresses.of(request) or UNKNOWN_ADDRESS

    def is_safe_url(self, url: str | None) -> bool:
        """Whether the address is one of ours; no if it is none at all, such as ``http://[``."""
        try:
            return super().is_safe_url(url)
        except ValueError:
            return False

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Whose wrong passwords are counted together: a person's, from one address.

        allauth counts those of a person from anywhere, and a stranger could lock them out.
        """
        address = addresses.counted(addresses.of(request))
        return f"{address}:{credentials.get('email', '').lower()}"

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Refuse to look at a password after too many wrong ones."""
        email = credentials.get("email", "")
        try:
            super().pre_authenticate(request, **credentials)
            if guesses.are_too_many(request, email):
                raise self.validation_error("too_many_guesses")
        except ValidationError:
            guesses.braked(request, email)
            raise

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """Who signs in with this password; one that was hashed as typed is hashed anew.

        Not when somebody who is in shows that it is them: another hash ends their sessions.
        """
        user: User | None = super().authenticate(request, **credentials)
        if user and not request.user.is_authenticated:
            compose(user, credentials.get("password", ""))
        return user

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Count a wrong password; that of nobody takes as long to look at as anybody's."""
        email = credentials.get("email", "")
        guesses.failed(request, email)
        if not User.objects.of_address(email):
            for another in spellings(credentials.get("password", ""))[1:]:
                make_password(another)

    def format_email_subject(self, subject: Any) -> str:
        """The subject without a site's name in brackets: the fact comes first."""
        return str(subject)

    def get_reset_password_from_key_url(self, key: str) -> str:
        """The link in the mail: where the product lives, whatever host the request named."""
        return settings.BASE_URL + urlsplit(super().get_reset_password_from_key_url(key)).path

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Keep a mail to somebody in their language; a worker sends it while its code is good."""
        name = template_prefix.rpartition("/")[2]
        with mails.read_by(email):
            known = {"request": self.request, "email": email}
            mail = self.render_mail(template_prefix, email, known | context)
        [(html, _kind)] = mail.alternatives
        lives = GOOD_FOR.get(name)
        deliveries.keep(
            name,
            Text(mail.subject, mail.body, html),
            to=email,
            asked_by=User.objects.filter(email__iexact=email).first(),
            valid_until=database_time() + dt.timedelta(seconds=lives) if lives else None,
        )

    def pre_login(
        self, request: HttpRequest, user: User, *, email: str | None, **how: Any
    ) -> HttpResponse | None:
        """Go on, unless the code was mailed to an address that is not theirs any more."""
        if email and email.lower() != user.email.lower():
            clear_login(request)
            messages.warning(request, gettext("This code no longer works. Ask for a new one."))
            return redirect("account_login")
        return super().pre_login(request, user, email=email, **how)

    def post_login(self, request: HttpRequest, user: User, **how: Any) -> HttpResponse:
        """Go on as somebody who has just signed in; it is remembered, and told if unusual.

        What they had sent before, when they were signed in no more, comes first. The page on
        which another person had done so is not for them.
        """
        sign_ins.record(request, user)
        if kept_forms.waits_for(request, user.pk):
            how["redirect_url"] = reverse("portal:kept_form")
        elif not self.is_for(user, how.get("redirect_url")):
            how["redirect_url"] = reverse("portal:home")
        return super().post_login(request, user, **how)

    def is_for(self, user: User, page: str | None) -> bool:
        """Whether the page that one wanted is this person's, not another's who signed out there."""
        if kept_forms.is_page_of_another(self.request, user.pk, page):
            return False
        return not page or landing.is_open_to(user, page)

    def is_reauthentication_required(self, *, app: str, **more: Any) -> bool:
        """Whether allauth's own pages ask as well: not right after somebody has given proof."""
        is_asked = super().is_reauthentication_required(app=app, **more)
        return is_asked and not ways_in.gave_proof(self.request)

    def get_reauthentication_methods(self, user: User) -> list[dict[str, Any]]:
        """How the person can confirm that it is them: whoever came by a provider alone, there.

        Who has neither a password nor a second step signs in anew.
        """
        if ways_in.has_own(self.request.session):
            anew = {
                "id": "anew",
                "description": gettext("Sign in"),
                "url": reverse("portal:own_way"),
            }
            return super().get_reauthentication_methods(user) or [anew]
        url = reverse("portal:confirm_by_provider")
        return [{"id": "provider", "description": gettext("Single sign-on"), "url": url}]

    def send_notification_mail(
        self, template_prefix: str, user: User, context: Any = None, email: str | None = None
    ) -> None:
        """Tell the person, and their accounts' audit records, how their sign-in changed."""
        agent = self.request.META.get("HTTP_USER_AGENT", "")
        origin = security_changes.origin_of(self.get_client_ip(self.request), agent)
        security_changes.tell(template_prefix, user, origin=origin)


class MFAAdapter(DefaultMFAAdapter):
    """allauth's two-step sign-in: secrets encrypted, passkeys named after what made them."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": gettext_lazy("That code isn't right, or has been used. Try the next.")
    }

    def encrypt(self, text: str) -> str:
        """The secret as it is stored."""
        return encryption.encrypt(text).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """The secret in plain text. Raise SecretLost."""
        return encryption.decrypt(encrypted_text.encode())

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:
        """A first name for a passkey, such as "Firefox on Windows"."""
        agent = self.request.META.get("HTTP_USER_AGENT", "")
        return browser(agent) if agent else gettext("Passkey")
