"""What is done to a webhook, an account's or the vendor's own, through one door or the other.

The pages say who may, and whose the webhook is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.acts import ReasonForm
from portal.models import Webhook
from portal.sign_in.standing import person
from portal.views.acts import Act, carry_out, page_of_act
from portal.views.webhooks.forms import TurnOnForm, WebhookForm
from portal.webhooks import deliveries, hooks


@dataclass(frozen=True, kw_only=True)
class Door:
    """Whose webhooks they are: the names of the addresses of all and of one; the page around it."""

    all: str
    one: str
    show: Callable[..., HttpResponse] = page_of_act

    def act(self, hook: Webhook, title: str, button: str, *effects: str, back: str = "") -> Act:
        """An act on a webhook, from which one goes back to its page."""
        where = back or reverse(self.one, args=[hook.pk])
        return Act(title=title % hook, effects=effects, button=button, back=where)

    def change(self, request: HttpRequest, hook: Webhook, form: WebhookForm) -> HttpResponse:
        """Post to another address, or other events."""
        told = _("What waits is posted to the new address too. The secret stays as it is.")
        act = self.act(hook, _("Change the webhook to %s"), _("Change webhook"), told)

        def do(form: WebhookForm) -> str:
            by = person(request).as_actor
            changed = hooks.change(hook, form.cleaned_data["address"], form.chosen, by=by)
            return _("The webhook is changed.") if changed else _("Nothing was changed.")

        return carry_out(request, act, form, do, show=self.show)

    def rotate_secret(
        self, request: HttpRequest, hook: Webhook, then: Callable[[], str | HttpResponse]
    ) -> HttpResponse:
        """Give it a new secret, beside which the old one signs for a day; ``then`` tells of it."""
        told = _(
            "For 24 hours each message is signed with both secrets, so that your system can "
            "change over without missing any. After that the old one is gone."
        )
        title = _("Make a new secret for the webhook to %s?")
        act = self.act(hook, title, _("Make new secret"), told)

        def do(form: ReasonForm) -> str | HttpResponse:
            hooks.rotate(hook, by=person(request).as_actor, reason=form.cleaned_data["reason"])
            return then()

        return carry_out(request, act, ReasonForm(request.POST or None), do, show=self.show)

    def turn_off(self, request: HttpRequest, hook: Webhook) -> HttpResponse:
        """Post nothing there any more, until it is turned on again."""
        waits = waiting_in_words(hook.deliveries.waiting().count())
        later = _("What happens while it is off is not posted later. The audit log has it.")
        act = self.act(hook, _("Turn the webhook to %s off?"), _("Turn off"), waits, later)

        def do(form: ReasonForm) -> str:
            by, reason = person(request).as_actor, form.cleaned_data["reason"]
            is_done = hooks.turn_off(hook, by=by, reason=reason)
            return _("The webhook is off.") if is_done else _("The webhook was off already.")

        return carry_out(request, act, ReasonForm(request.POST or None), do, show=self.show)

    def turn_on(self, request: HttpRequest, hook: Webhook) -> HttpResponse:
        """Post what happens there again, and if one wants what did not arrive."""
        begins = _("What happens from now on is posted there.")
        missing = hook.deliveries.filter(state__in=deliveries.NOT_ARRIVED).count()
        told = (begins, missing_in_words(missing))
        act = self.act(hook, _("Turn the webhook to %s on?"), _("Turn on"), *told)

        def do(form: TurnOnForm) -> str:
            answers = form.cleaned_data
            by, again = person(request).as_actor, answers["sends_again"]
            sent = hooks.turn_on(hook, by=by, sends_again=again, reason=answers["reason"])
            return _("The webhook was on already.") if sent is None else _("The webhook is on.")

        return carry_out(request, act, TurnOnForm(request.POST or None), do, show=self.show)

    def remove(self, request: HttpRequest, hook: Webhook) -> HttpResponse:
        """Remove it, with its secret and its deliveries."""
        waits = waiting_in_words(hook.deliveries.waiting().count())
        gone = _("Its secret and its deliveries are deleted. This cannot be undone.")
        title, back = _("Remove the webhook to %s?"), reverse(self.all)
        act = self.act(hook, title, _("Remove webhook"), waits, gone, back=back)

        def do(form: ReasonForm) -> str:
            hooks.remove(hook, by=person(request).as_actor, reason=form.cleaned_data["reason"])
            return _("The webhook is removed.")

        return carry_out(request, act, ReasonForm(request.POST or None), do, show=self.show)

    def send_test(self, request: HttpRequest, hook: Webhook) -> HttpResponse:
        """Post a test there, also if the webhook is off."""
        deliveries.send_test(hook, by=person(request).as_actor)
        text = _("A test is on its way. Load this page again in a moment to see what came of it.")
        messages.success(request, text)
        return redirect(self.one, hook.pk)

    def send_again(self, request: HttpRequest, hook: Webhook, delivery_id: int) -> HttpResponse:
        """Post the same message again, under the same id."""
        delivery = get_object_or_404(hook.deliveries, pk=delivery_id)
        begun = deliveries.send_again(delivery, by=person(request).as_actor)
        text = (
            _("It is sent again, under the same id.") if begun else _("It is on its way already.")
        )
        messages.success(request, text)
        return redirect(self.one, hook.pk)


def waiting_in_words(number: int) -> str:
    """What becomes of what waits when a webhook is turned off."""
    if not number:
        return _("Nothing waits to be sent.")
    words = ngettext(
        "%(n)s message that waits is not sent.", "%(n)s messages that wait are not sent.", number
    )
    return words % {"n": number}


def missing_in_words(number: int) -> str:
    """How much of the last 30 days did not arrive."""
    words = ngettext(
        "%(n)s message of the last 30 days did not arrive.",
        "%(n)s messages of the last 30 days did not arrive.",
        number,
    )
    return words % {"n": number}
