"""Webhooks: made, changed, given a new secret, turned off and on, removed. All of it is recorded.

Neither the record nor any log has a secret, or more of an address than its host: what follows
the host is often as good as a password.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from licensing import audit
from licensing.clock import database_time
from licensing.encryption import decrypt, encrypt
from licensing.errors import InvalidOperation
from licensing.models import Account
from portal.models import OffBecause, Webhook, WebhookKind
from portal.webhooks import addresses, deliveries, records, signing

MOST_WEBHOOKS = 20
OVERLAP = dt.timedelta(hours=24)


def create(
    account: Account | None,
    address: str,
    events: Sequence[str],
    *,
    by: audit.Actor,
    kind: WebhookKind = WebhookKind.SYSTEM,
) -> Webhook:
    """A webhook that is told of these events from now on, of all if none is named.

    One of no account is the vendor's own.
    Raise InvalidOperation for an address that cannot be used, or when there are too many.
    """
    addresses.require_usable(address)
    return keep(account, address, events, by=by, kind=kind)


@transaction.atomic
def keep(
    account: Account | None,
    address: str,
    events: Sequence[str],
    *,
    by: audit.Actor,
    kind: WebhookKind = WebhookKind.SYSTEM,
) -> Webhook:
    """The same for an address that was looked at; raise InvalidOperation if there are too many."""
    if account:
        Account.objects.locked(account.pk).require_open()
    if Webhook.objects.kept().filter(account=account).count() >= MOST_WEBHOOKS:
        text = _("There are %(n)s webhooks already. Remove one first.") % {"n": MOST_WEBHOOKS}
        raise InvalidOperation(text)
    hook = Webhook.objects.create(
        account=account,
        kind=kind,
        address=address,
        events=list(events),
        encrypted_secret=encrypted_new_secret(),
        created_by=by.name,
    )
    records.note(hook, "webhook_created", by=by, events=hook.events)
    return hook


@transaction.atomic
def change(webhook: Webhook, address: str, events: Sequence[str], *, by: audit.Actor) -> bool:
    """Post to another address, or other events; False if nothing is other. What waits goes there.

    Raise InvalidOperation for an address that cannot be used.
    """
    if address != webhook.address:
        addresses.require_usable(address)
    hook = locked(webhook)
    if (hook.address, hook.events) == (address, list(events)):
        return False
    hook.address, hook.events = address, list(events)
    hook.save(update_fields=["address", "events"])
    records.note(hook, "webhook_changed", by=by, events=hook.events)
    return True


@transaction.atomic
def rotate(webhook: Webhook, *, by: audit.Actor, reason: str = "") -> None:
    """Give it a new secret. For 24 hours the one before signs beside it."""
    hook = locked(webhook)
    hook.encrypted_old_secret = hook.encrypted_secret
    hook.old_secret_until = database_time() + OVERLAP
    hook.encrypted_secret = encrypted_new_secret()
    hook.save(update_fields=["encrypted_secret", "encrypted_old_secret", "old_secret_until"])
    until = hook.old_secret_until.isoformat()
    records.note(hook, "webhook_secret_rotated", by=by, reason=reason, until=until)


@transaction.atomic
def reveal(webhook: Webhook, *, by: audit.Actor) -> str:
    """The secret, in plain text; that somebody looked is recorded. Raise SecretLost."""
    secret = decrypt(bytes(webhook.encrypted_secret))
    records.note(webhook, "webhook_secret_revealed", by=by)
    return secret


def encrypted_new_secret() -> bytes:
    """A new secret as it is stored."""
    return encrypt(signing.new_secret())


def secrets_of(webhook: Webhook, now: dt.datetime) -> list[str]:
    """The secrets that sign now, the newest first. Raise SecretLost."""
    secrets = [decrypt(bytes(webhook.encrypted_secret))]
    if webhook.old_secret_until and now < webhook.old_secret_until:
        secrets.append(decrypt(bytes(webhook.encrypted_old_secret)))
    return secrets


@transaction.atomic
def turn_off(
    webhook: Webhook,
    *,
    by: audit.Actor,
    reason: str = "",
    because: OffBecause = OffBecause.OWNER,
) -> bool:
    """Tell it of nothing any more, nor of what waits; False if it was off."""
    hook = locked(webhook)
    if hook.turned_off_at:
        return False
    hook.turned_off_at, hook.off_because = database_time(), because
    hook.save(update_fields=["turned_off_at", "off_because"])
    deliveries.withdraw_all(hook)
    since = hook.failing_since and hook.failing_since.isoformat()
    told = {"because": str(because), "since": since}
    records.note(hook, "webhook_turned_off", by=by, reason=reason, **told)
    return True


@transaction.atomic
def turn_on(
    webhook: Webhook, *, by: audit.Actor, sends_again: bool, reason: str = ""
) -> int | None:
    """Tell it of what happens again, and if ``sends_again`` of what did not arrive, too.

    Return how many that were; None if it was on.
    """
    hook = locked(webhook)
    if hook.turned_off_at is None:
        return None
    hook.turned_off_at, hook.off_because = None, ""
    hook.failing_since, hook.failures, hook.rests_until = None, 0, None
    hook.save(
        update_fields=["turned_off_at", "off_because", "failing_since", "failures", "rests_until"]
    )
    again = deliveries.send_all_again(hook) if sends_again else 0
    records.note(hook, "webhook_turned_on", by=by, reason=reason)
    return again


@transaction.atomic
def remove(webhook: Webhook, *, by: audit.Actor, reason: str = "") -> None:
    """Nothing is sent there any more, and its secrets are gone; its rows go at night."""
    hook = locked(webhook)
    hook.removed_at = database_time()
    hook.encrypted_secret = hook.encrypted_old_secret = b""
    hook.save(update_fields=["removed_at", "encrypted_secret", "encrypted_old_secret"])
    records.note(hook, "webhook_removed", by=by, reason=reason)


def locked(webhook: Webhook) -> Webhook:
    """The webhook as it is, while nobody else changes those of its account; raise InvalidOperation.

    The account first: who records something holds it already.
    """
    records.lock_account_of(webhook)
    hook = Webhook.objects.kept().select_for_update().filter(pk=webhook.pk).first()
    if hook is None:
        raise InvalidOperation(_("This webhook was removed."))
    return hook


def forget_old_secrets() -> int:
    """Delete the secrets whose overlap is over; return how many."""
    over = Webhook.objects.filter(old_secret_until__lte=Now())
    return over.update(encrypted_old_secret=b"", old_secret_until=None)
