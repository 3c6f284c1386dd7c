"""What is known of a record, as its page tells it at a glance."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import Model
from django.utils.text import capfirst

from licensing.models import (
    AccessRule,
    ClientSession,
    Device,
    Feature,
    Licence,
    LicenceTemplate,
    PlannedSeats,
    Product,
    ProductKey,
)
from portal.licences.policies import policy_in_words
from portal.mail import failing
from portal.models import CustomerRequest, Invitation, Membership, User, Webhook, WebhookDelivery
from portal.sessions import story
from portal.sign_in import two_step
from portal.words.statuses import licence_status, status_date
from support.acts.keys import replacement_of
from support.acts.licences import is_replaced
from support.console import keys, sold_facts
from support.console.fact import Fact, moment, said, to
from support.console.stories.story import address_of
from support.words import last_day_of, weekday


def facts_of(record: Model) -> list[Fact]:
    """All that its page tells, what is unknown left out."""
    told = FACTS[type(record)](record)
    return [fact for fact in told if fact.value or fact.at or fact.state]


def of_licence(licence: Licence) -> list[Fact]:
    """Seats, term and policy."""
    in_use = licence.in_use  # type: ignore[attr-defined]
    status = licence_status(licence, in_use)
    features = ", ".join(map(str, licence.licence_features.select_related("feature")))
    replaced = [to("Replaces", licence.replaces)]
    if is_replaced(licence):
        replaced += [to("Replaced by", licence.replaced_by)]
    return [
        to("Account", licence.account),
        said("Product", licence.product),
        said("Usage model", licence.get_usage_model_display()),
        Fact(label="State", state=status, at=status_date(licence, status)),
        said("In use now", f"{in_use:,} of {licence.seats:,}"),
        moment("Starts", licence.starts_on),
        said("Ends", capfirst(last_day_of(licence.ends_on))),
        said("Offline policy", policy_in_words(licence)),
        said("Features", features or "None"),
        *replaced,
        moment("Since", licence.created_at),
    ]


def of_planned(planned: PlannedSeats) -> list[Fact]:
    """What changes by itself, when, who wanted it, and what became of it."""
    return [
        to("Account", planned.account),
        to("Licence", planned.licence),
        said("User limit", planned.seats),
        said("From", planned.on and weekday(planned.on)),
        said("Emergency seats", planned.added),
        moment("Until", planned.until),
        said("Planned by", planned.actor_name),
        said("Reason", planned.reason),
        moment("Planned", planned.planned_at),
        moment("Carried out", planned.done_at),
        moment("Cancelled", planned.cancelled_at),
    ]


def of_key(key: ProductKey) -> list[Fact]:
    """Its state, how far its hand-over is, and whether it spreads; never the product key."""
    return [
        to("Account", key.account),
        to("Licence", key.licence),
        said("Label", key.label),
        Fact(label="Product key", value=f"••••{key.last_four}", is_code=True),
        said("State", keys.in_words(key)),
        to("Replaces", key.supersedes, is_code=True),
        to("Replaced by", replacement_of(key), is_code=True),
        said("Hand-over", keys.hand_over_of(key)),
        said("Used widely", keys.used_widely(key)),
        said("Made by", key.created_by),
        moment("Made", key.created_at),
    ]


def of_session(session: ClientSession) -> list[Fact]:
    """Who, where, since when, and how it stands or how it ended."""
    numbered = f" (session {session.os_session})" if session.os_session else ""
    return [
        to("Account", session.account),
        to("Licence", session.licence),
        to("Serial number", session.key, is_code=True),
        said("User", session.username),
        said("Machine", f"{session.machine_name}{numbered}"),
        *(how_it_stands(session) if session.ended_at is None else how_it_ended(session)),
        said("Version", session.version),
        said("Features", ", ".join(session.features)),
        Fact(label="Session id", value=str(session.pk), is_code=True),
        Fact(label="Look-up", value="What happened, and a reply", url=address_of(session)),
    ]


def how_it_stands(session: ClientSession) -> list[Fact]:
    """Of one that holds a seat: what was, and what is to come."""
    return [
        Fact(label="State", state=session.state),  # type: ignore[attr-defined]
        moment("Started", session.started_at),
        moment("Last refreshed", session.refreshed_at),
        moment("Grace ends", session.grace_until),
        moment("Seat comes back", session.reclaim_at),
    ]


def how_it_ended(session: ClientSession) -> list[Fact]:
    """Of one that is over: what was, and nothing as if to come."""
    return [
        said("How it ended", story.how_it_ended(session)),
        moment("Ended", session.ended_at),
        moment("Started", session.started_at),
        moment("Last refreshed", session.refreshed_at),
    ]


def of_device(device: Device) -> list[Fact]:
    """To which licence it is bound, and until when it runs."""
    return [
        to("Account", device.account),
        to("Licence", device.licence),
        said("Used last by", device.username),
        moment("Bound", device.bound_at),
        moment("Freed", device.unbound_at),
        said("How", device.get_unbinding_display()),
        moment("May run until", device.lease_until),
    ]


def of_membership(membership: Membership) -> list[Fact]:
    """Who it is, and whether they get in."""
    user = membership.user
    others = user.memberships.exclude(pk=membership.pk).select_related("account")
    return [
        to("Account", membership.account),
        said("Role", membership.get_role_display()),
        said("E-mail", user.email),
        said("Signing in", how_they_get_in(user)),
        said("Two-step sign-in", "On" if two_step.has(user) else "Off"),
        moment("Last sign-in", user.last_login),
        said("Mails", failing.how_it_fails(user)),
        said("Other accounts", ", ".join(str(one.account) for one in others)),
        said("Invited by", membership.invited_by),
        moment("Since", membership.created_at),
    ]


def how_they_get_in(user: User) -> str:
    """Whether somebody can sign in at all."""
    return "They can sign in." if user.is_active else "Locked out: they are kept from signing in."


def of_invitation(invitation: Invitation) -> list[Fact]:
    """Whom it invites, and whether it still does; never its code."""
    return [
        to("Account", invitation.account),
        said("Role", invitation.get_role_display()),
        said("Invited by", invitation.invited_by),
        moment("Made", invitation.created_at),
        moment("Ends", invitation.ends_at),
        moment("Accepted", invitation.accepted_at),
        moment("Withdrawn", invitation.cancelled_at),
        moment("Asked for a new one", invitation.asked_again_at),
    ]


def of_request(request: CustomerRequest) -> list[Fact]:
    """What was asked, and what was answered."""
    return [
        to("Account", request.account),
        to("Licence", request.licence),
        Fact(label="State", state=request.state),
        said("Asks", request.get_kind_display()),
        said("Seats wanted", request.seats),
        said("Text", request.text),
        said("Asked by", f"{request.asked_by}, {request.asked_by_email}"),
        moment("Asked", request.asked_at),
        said("Seen to by", request.taken_by),
        said("Answer", request.answer),
        said("Answered by", request.answered_by),
        moment("Answered", request.answered_at),
    ]


def of_rule(rule: AccessRule) -> list[Fact]:
    """Whom it is about, where and how long."""
    return [
        to("Account", rule.account),
        to("Licence", rule.licence),
        said("Reason", rule.reason),
        moment("From", rule.starts_at),
        moment("Until", rule.ends_at),
        said("Made by", rule.created_by),
    ]


def of_webhook(webhook: Webhook) -> list[Fact]:
    """Whether messages arrive there; never its secret."""
    return [
        to("Account", webhook.account),
        moment("Turned off", webhook.turned_off_at),
        said("Because", webhook.off_because and webhook.get_off_because_display()),
        moment("Nothing arrives since", webhook.failing_since),
        moment("Made", webhook.created_at),
    ]


def of_message(message: WebhookDelivery) -> list[Fact]:
    """What became of it; not what it said."""
    return [
        to("Webhook", message.webhook),
        said("State", message.get_state_display()),
        said("Tries", message.tries),
        moment("Tried", message.tried_at),
        moment("Made", message.created_at),
    ]


def of_user(user: User) -> list[Fact]:
    """Whether they get in, and as what."""
    groups = ", ".join(user.groups.values_list("name", flat=True))
    accounts = ", ".join(str(one.account) for one in user.memberships.select_related("account"))
    return [
        said("E-mail", user.email),
        said("Signing in", how_they_get_in(user)),
        said("Staff", user.is_staff and (groups or "No group")),
        said("Accounts", accounts),
        moment("Last sign-in", user.last_login),
    ]


FACTS: dict[type[Model], Callable[[Any], list[Fact]]] = {
    Licence: of_licence,
    PlannedSeats: of_planned,
    ProductKey: of_key,
    ClientSession: of_session,
    Device: of_device,
    Membership: of_membership,
    Invitation: of_invitation,
    CustomerRequest: of_request,
    AccessRule: of_rule,
    Webhook: of_webhook,
    WebhookDelivery: of_message,
    User: of_user,
    Product: sold_facts.of_product,
    Feature: sold_facts.of_feature,
    LicenceTemplate: sold_facts.of_template,
}
