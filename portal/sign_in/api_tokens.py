"""API tokens: made, shown once, used, revoked; their owners are told before they end.

A token of an account is ``clt_``, 32 random characters and six that check them. The prefix lets
scanners of source code find one that was committed; the check characters spare the
database tokens that were mistyped. Only a keyed digest is kept.
"""

from __future__ import annotations

import datetime as dt
import hmac
import secrets
import string
import zlib
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy

from licensing import audit, errors
from licensing.models import Account
from portal.mail import mails
from portal.models import ApiToken, Scope, SecretToken, User

PREFIX = "clt_"
ALPHABET = string.digits + string.ascii_letters
RANDOM_LENGTH, CHECK_LENGTH = 32, 6  # 190 bits
SHOWN_LENGTH = len(PREFIX) + 4
MOST_TOKENS = 50
USE_NOTED_EVERY = dt.timedelta(minutes=1)
TOLD_BEFORE_END = dt.timedelta(days=14)


@transaction.atomic
def create(
    account: Account,
    name: str,
    scopes: Sequence[Scope],
    *,
    ends_at: dt.datetime,
    by: audit.Actor,
) -> tuple[ApiToken, str]:
    """A new token and its plain text, which is not to be had again.

    Raise InvalidOperation when the account has too many that work, or is closed.
    """
    Account.objects.locked(account.pk).require_open()
    if ApiToken.objects.working().filter(account=account).count() >= MOST_TOKENS:
        raise errors.InvalidOperation(
            gettext("%(n)s API tokens work already. Revoke one first.") % {"n": MOST_TOKENS}
        )

    plain = new_text()
    token = ApiToken.objects.create(
        account=account,
        name=name,
        **kept_of(plain),
        scopes=[str(scope) for scope in Scope if scope in scopes],
        created_by=by.name,
        ends_at=ends_at,
    )
    audit.record(
        token, "api_token_created", by=by, scopes=token.scopes, ends_at=ends_at.isoformat()
    )
    return token, plain


def kept_of(plain: str) -> dict[str, Any]:
    """What is stored of a token's text."""
    return {"starts_with": plain[:SHOWN_LENGTH], "digest": digest(plain)}


def new_text(prefix: str = PREFIX) -> str:
    """A token that nobody can guess, with its check characters."""
    text = prefix + "".join(secrets.choice(ALPHABET) for _ in range(RANDOM_LENGTH))
    return text + check_characters(text)


def check_characters(text: str) -> str:
    """Six characters that any mistyped one betrays: CRC-32 in base 62."""
    number, characters = zlib.crc32(text.encode()), ""
    for _ in range(CHECK_LENGTH):
        number, place = divmod(number, len(ALPHABET))
        characters = ALPHABET[place] + characters
    return characters


def digest(plain: str) -> bytes:
    """What is stored of a token, useless without the server's secret."""
    key = settings.PRODUCT_KEY_DIGEST_KEY.encode()
    return hmac.digest(key, f"api-token:{plain}".encode(), "sha256")


def find(plain: str) -> ApiToken:
    """The token with this text, with its account; raise TokenInvalid unless it works now."""
    return find_among(ApiToken.objects.working().select_related("account__preferences"), plain)


def find_among[Token: SecretToken](working: QuerySet[Token], plain: str) -> Token:
    """The one of the tokens that work which has this text; raise TokenInvalid without one."""
    text, check = plain[:-CHECK_LENGTH], plain[-CHECK_LENGTH:]
    if check_characters(text) != check:
        raise errors.TokenInvalid(NOT_VALID)
    token = working.filter(digest=digest(plain)).first()
    if token is None:
        raise errors.TokenInvalid(NOT_VALID)
    return token


NOT_VALID = gettext_lazy("The API token is missing, mistyped, revoked, or has ended.")


def note_use(token: SecretToken, address: str | None) -> None:
    """Remember when and from where a token was used: at most once a minute from one address."""
    now = timezone.now()
    is_from_there = token.last_used_from == address
    if is_from_there and token.last_used_at and now - token.last_used_at < USE_NOTED_EVERY:
        return
    not_just_noted = Q(last_used_at=None) | Q(last_used_at__lt=Now() - USE_NOTED_EVERY)
    elsewhere = ~Q(last_used_from=address) if address else Q(last_used_from__isnull=False)
    used = type(token)._default_manager.filter(not_just_noted | elsewhere, pk=token.pk)
    used.update(last_used_at=Now(), last_used_from=address)


@transaction.atomic
def revoke(token: ApiToken, *, by: audit.Actor, reason: str = "") -> bool:
    """End a token at once and for good; False if it had been revoked before."""
    if not ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=Now()):
        return False
    audit.record(token, "api_token_revoked", by=by, reason=reason)
    return True


def made_by(account: Account, user: User) -> QuerySet[ApiToken]:
    """The tokens that a person made and that work: whoever made one has seen it."""
    made = account.audit_entries.filter(action="api_token_created", actor_id=str(user.pk))
    ids = [int(pk) for pk in made.values_list("object_id", flat=True)]
    return ApiToken.objects.working().filter(account=account, pk__in=ids).order_by("pk")


def tell_of_ends() -> int:
    """Mail owners about tokens that end within 14 days, once each; return how many tokens."""
    ending = ApiToken.objects.working().filter(
        end_told_at=None, ends_at__lte=Now() + TOLD_BEFORE_END
    )
    return sum(tell_of_end(token_id) for token_id in ending.values_list("pk", flat=True))


@transaction.atomic
def tell_of_end(token_id: int) -> bool:
    """Mail the owners of a token's account that it ends; False if they were told before."""
    untold = ApiToken.objects.select_for_update(of=["self"], skip_locked=True).filter(
        pk=token_id, end_told_at=None
    )
    token = untold.select_related("account").first()
    if token is None:
        return False
    ApiToken.objects.filter(pk=token_id).update(end_told_at=Now())
    send_end(token)
    return True


def send_end(token: ApiToken) -> None:
    """The mail to each owner."""
    owners = token.account.memberships.owners()
    context = {"token": token, "url": settings.BASE_URL + reverse("portal:api_tokens")}
    for email in owners.values_list("user__email", flat=True):
        mails.write("api_token_ends", context, to=email, account=token.account)
