"""What staff do about webhooks that fail: a test, and again what did not arrive."""

from __future__ import annotations

from licensing.audit import Actor
from licensing.errors import InvalidOperation
from portal.models import DeliveryState, Webhook, WebhookDelivery
from portal.webhooks import deliveries
from support.acts.records import Kind, RecordAct
from support.acts.why import Usual, Why
from support.words import number_of

MENDED = Usual(Why.ROUTINE, "The customer mended their receiver.")
ON_ITS_WAY = "It is on its way already."


def preview_test(webhook: Webhook) -> list[str]:
    """What is posted, and where."""
    return [f"A test is posted to {webhook} of {webhook.account}. It tells nothing of the account."]


def send_test(webhook: Webhook, *, by: Actor, reason: str) -> str:
    """Post a test; return what to tell."""
    deliveries.send_test(webhook, by=by, reason=reason)
    return f"A test is on its way to {webhook}. What comes of it stands among its messages."


def why_not_test(webhook: Webhook) -> str:
    """One that was removed has no secret any more."""
    return f"The webhook to {webhook} was removed." if webhook.removed_at else ""


def preview_missing(webhook: Webhook) -> list[str]:
    """How many messages are posted."""
    messages = number_of(deliveries.missing(webhook).count(), "message")
    return [
        f"{messages} that did not arrive at {webhook} of {webhook.account}: posted at once, in "
        "their order, under the same ids.",
        "What an owner withdrew by turning the webhook off stays withdrawn.",
    ]


def send_missing(webhook: Webhook, *, by: Actor, reason: str) -> str:
    """Post what did not arrive; return what to tell."""
    again = deliveries.send_missing_again(webhook, by=by, reason=reason)
    if not again:
        raise InvalidOperation(f"Nothing is missing at {webhook}.")
    return f"{number_of(again, 'message')} on the way to {webhook} again."


def why_not_missing(webhook: Webhook) -> str:
    """What is off is told of nothing: it is for its owners to turn it on."""
    if webhook.turned_off_at and not webhook.removed_at:
        return f"The webhook to {webhook} is off. An owner turns it on, and what is missing goes."
    return why_not_test(webhook)


def preview_again(delivery: WebhookDelivery) -> list[str]:
    """Where it goes, and that receivers can tell."""
    return [f"{delivery} is posted again, under the same id."]


def send_again(delivery: WebhookDelivery, *, by: Actor, reason: str) -> str:
    """Post one message again; return what to tell."""
    if not deliveries.send_again(delivery, by=by, reason=reason):
        raise InvalidOperation(ON_ITS_WAY)
    return f"{delivery}: on its way again."


def why_not_again(delivery: WebhookDelivery) -> str:
    """What waits is sent anyway."""
    if delivery.state == DeliveryState.WAITING:
        return ON_ITS_WAY
    return why_not_test(delivery.webhook)


def of_its_webhook(delivery: WebhookDelivery) -> str:
    """A message on an act's page."""
    return f"{delivery} of {delivery.webhook.account}"


KIND = Kind(
    acts=(
        RecordAct(
            name="send-again",
            is_mailed=False,
            label="Send again",
            effects="For a receiver that is back: what did not arrive is posted at once.",
            run=send_missing,
            preview=preview_missing,
            why_not=why_not_missing,
            reasons=(MENDED,),
            in_rows=True,
        ),
        RecordAct(
            name="send-test",
            is_mailed=False,
            label="Send test",
            effects="To see whether the receiver answers, also while the webhook is off.",
            run=send_test,
            preview=preview_test,
            why_not=why_not_test,
        ),
    ),
)
OF_MESSAGES = Kind(
    acts=(
        RecordAct(
            name="send-again",
            is_mailed=False,
            label="Send again",
            effects="The same message once more, for a receiver that lost it or is back.",
            run=send_again,
            preview=preview_again,
            why_not=why_not_again,
            reasons=(MENDED,),
        ),
    ),
    describe=of_its_webhook,
)
