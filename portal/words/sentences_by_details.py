"""Sentences of the audit record that read otherwise, depending on what was written down beside."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from licensing.models.imports import Source
from portal.models import OffBecause
from portal.words import working_hours
from portal.words.times import moment_in_full, weekday_in_words

Details = defaultdict[str, str]


def of_state(words: Details) -> str:
    """Which of three changes of state it was."""
    if words["after"] == "active":
        return _("%(who)s reinstated %(object)s.")
    if words["after"] == "suspended":
        return _("%(who)s suspended %(object)s.")
    if words["replaced_by"]:
        return _("%(who)s closed %(object)s: %(replaced_by)s takes its place.")
    return _("%(who)s closed %(object)s.")


def of_seats(words: Details) -> str:
    """With the emergency seats that are among them, or have gone back."""
    if words["emergency"]:
        words["until"] = recorded_moment(words["until"])
        return _(
            "%(who)s changed the user limit of %(object)s from %(before)s to %(after)s until "
            "%(until)s (emergency seats: %(emergency)s)."
        )
    if words["gone_back"]:
        return _(
            "The emergency seats of %(object)s went back: its user limit is %(after)s, no longer "
            "%(before)s (%(who)s)."
        )
    return _("%(who)s changed the user limit of %(object)s from %(before)s to %(after)s.")


def of_planned_seats(words: Details) -> str:
    """From which day on."""
    words["on"] = recorded_day(words["on"])
    return _("%(who)s planned a user limit of %(seats)s for %(object)s from %(on)s.")


def of_cancelled_plan(words: Details) -> str:
    """From which day on it would have been."""
    words["on"] = recorded_day(words["on"])
    return _("%(who)s cancelled the user limit of %(seats)s planned for %(object)s from %(on)s.")


def of_closing(words: Details) -> str:
    """When it closes."""
    words["closes_at"] = recorded_moment(words["closes_at"])
    return _("%(who)s wants the account %(object)s to be closed, at %(closes_at)s.")


def of_alm_end(words: Details) -> str:
    """After which day, and which it was before."""
    words["on"] = recorded_day(words["on"])
    if not words["before"]:
        return _("The ALM codes of %(object)s stop after %(on)s (%(who)s). Cloud licences go on.")
    words["before"] = recorded_day(words["before"])
    return _(
        "The ALM codes of %(object)s stop after %(on)s, not after %(before)s (%(who)s). Cloud "
        "licences go on."
    )


def of_alm_end_taken_back(words: Details) -> str:
    """After which day they would have stopped."""
    words["on"] = recorded_day(words["on"])
    return _("The ALM codes of %(object)s do not stop after %(on)s (%(who)s).")


def recorded_day(text: str) -> str:
    """A date as the record holds it, in words: "Tue 1 Dec"."""
    return weekday_in_words(dt.date.fromisoformat(text), today=timezone.localdate())


def recorded_moment(text: str) -> str:
    """The same of a moment."""
    return moment_in_full(dt.datetime.fromisoformat(text), now=timezone.now())


def of_issue(words: Details) -> str:
    """A pool is told apart from a single-user licence, and from a lease of before."""
    if words["replaces"]:
        return _(
            "%(who)s replaced the lease licence %(replaces)s by the single-user licence "
            "%(object)s: its new product key has to be entered."
        )
    if words["usage_model"] == "lease":
        return _("%(who)s entered the lease licence %(object)s with a user limit of %(seats)s.")
    if words["usage_model"] == "concurrent":
        return _("%(who)s issued the pool %(object)s with a user limit of %(seats)s.")
    return _("%(who)s issued the single-user licence %(object)s with a user limit of %(seats)s.")


def of_key(words: Details) -> str:
    """With the key's label, if it has one."""
    if words.get("label"):
        return _("%(who)s issued a product key for “%(label)s”, serial number %(object)s.")
    return _("%(who)s issued a product key, serial number %(object)s.")


def of_view(words: Details) -> str:
    """With the ticket, if there is one."""
    if words["ticket"]:
        return _("%(who)s began to view %(object)s as its owner sees it (ticket %(ticket)s).")
    return _("%(who)s began to view %(object)s as its owner sees it.")


def of_view_ended(words: Details) -> str:
    """Who ended it, or what did."""
    if words["because"] == "time":
        return _("The view of %(object)s by %(person)s of our support ended after half an hour.")
    if words["because"] == "no_right":
        return _(
            "The view of %(object)s by %(person)s of our support ended: they have no right to it "
            "any more."
        )
    return _("%(who)s ended their view of %(object)s.")


def of_new_rule(words: Details) -> str:
    """For which licence, or for all of the account."""
    if words["licence"]:
        return _("%(who)s added the access rule “%(object)s” in %(licence)s.")
    return _("%(who)s added the access rule “%(object)s” in every licence.")


def of_lifted_rule(words: Details) -> str:
    """Where it held; entries of old do not say."""
    if "licence" not in words:
        return _("%(who)s lifted the access rule “%(object)s”.")
    if words["licence"]:
        return _("%(who)s lifted the access rule “%(object)s” in %(licence)s.")
    return _("%(who)s lifted the access rule “%(object)s” in every licence.")


def of_new_feature(words: Details) -> str:
    """With how many people may use it at once, if that is limited."""
    if words["seats"] == "None":
        return _("%(who)s added the feature %(name)s to %(object)s.")
    return _("%(who)s added the feature %(name)s to %(object)s, with a user limit of %(seats)s.")


def of_feature_limit(words: Details) -> str:
    """From which limit to which; a feature without one is for everybody with a seat."""
    if words["after"] == "None":
        return _("%(who)s opened the feature %(name)s of %(object)s to everybody with a seat.")
    if words["before"] == "None":
        return _("%(who)s limited the feature %(name)s of %(object)s to %(after)s.")
    return _(
        "%(who)s changed the user limit of the feature %(name)s of %(object)s from %(before)s to "
        "%(after)s."
    )


def of_aliases(words: Details) -> str:
    """Whether viewers see aliases from now on or real names again."""
    if words["shown"] == "True":
        return _("%(who)s decided that viewers see aliases.")
    return _("%(who)s decided that viewers see real names.")


def of_holders(words: Details) -> str:
    """Whether refused people read who holds the seats from now on."""
    if words["named"] == "True":
        return _("%(who)s decided that refused people are told who holds the seats.")
    return _("%(who)s decided that refused people are not told who holds the seats.")


def of_working_hours(words: Details) -> str:
    """Which hours are counted as working time, and which were."""
    for name in ("before", "after"):
        words[name] = working_hours.recorded(words[name])
    return _("%(who)s changed the working hours from “%(before)s” to “%(after)s”.")


def of_tags(words: Details) -> str:
    """Which tags were put on a licence, taken off it, or both."""
    if not words["removed"]:
        return _("%(who)s tagged %(object)s “%(added)s”.")
    if not words["added"]:
        return _("%(who)s took the tag “%(removed)s” off %(object)s.")
    return _("%(who)s tagged %(object)s “%(added)s” in place of “%(removed)s”.")


def of_notes(words: Details) -> str:
    """Whether a licence's contact, its notes or both are others now."""
    if words["notes"] != "True":
        return _("%(who)s changed the contact of %(object)s.")
    if words["contact"] != "True":
        return _("%(who)s changed the notes of %(object)s.")
    return _("%(who)s changed the contact and the notes of %(object)s.")


def of_invitation(words: Details) -> str:
    """The address alone of an invitation that is written down as "anna@example.com to Brook"."""
    words["email"] = words["recorded"].partition(" to ")[0]
    return _("%(who)s invited %(email)s as %(role)s.")


def of_newcomers(words: Details) -> str:
    """Whether people whom nobody invited join from now on."""
    if words["taken"] == "True":
        return _("%(who)s decided that newcomers join as viewers by single sign-on.")
    return _("%(who)s decided that nobody joins by single sign-on any more.")


def of_export(words: Details) -> str:
    """How much of which list went into a file."""
    rows = int(words["rows"] or 0)
    if words["listed"] == "sessions":
        return ngettext(
            "%(who)s exported %(rows)s session.", "%(who)s exported %(rows)s sessions.", rows
        )
    if words["listed"] == "licences":
        return ngettext(
            "%(who)s exported %(rows)s licence.", "%(who)s exported %(rows)s licences.", rows
        )
    return ngettext(
        "%(who)s exported %(rows)s row of %(listed)s.",
        "%(who)s exported %(rows)s rows of %(listed)s.",
        rows,
    )


def of_webhook_off(words: Details) -> str:
    """Whether somebody did it, or it turned out to be of no use."""
    if words["because"] == OffBecause.GONE:
        return _("The webhook to %(object)s was turned off: it answered that it is gone (410).")
    if words["because"] == OffBecause.FAILING:
        return _("The webhook to %(object)s was turned off: nothing had arrived there for days.")
    return _("%(who)s turned the webhook to %(object)s off.")


def of_messages_sent_again(words: Details) -> str:
    """How many messages a webhook is told once more."""
    return ngettext(
        "%(who)s sent %(messages)s message to the webhook to %(object)s again.",
        "%(who)s sent %(messages)s messages to the webhook to %(object)s again.",
        int(words["messages"] or 0),
    )


def how_often(words: Details) -> str:
    """Of what is told once for many times: how many, so far."""
    return _("So far %(times)s times within ten minutes.") % words if words["times"] else ""


def of_import(words: Details) -> str:
    """From where the list came, and how much it would make."""
    if words["source"] == Source.KEYGEN:
        return _(
            "%(who)s began to import licences from Keygen: licences %(licences)s, machines "
            "%(machines)s."
        )
    if words["source"] == Source.OPTIONS:
        return _("%(who)s began to import an options file: access rules %(rules)s.")
    if words["source"] == Source.EXPORT:
        return _(
            "%(who)s began to read an account's export in: licences %(licences)s, machines "
            "%(machines)s, access rules %(rules)s."
        )
    return _("%(who)s began to import an ALM list: licences %(licences)s, seats %(seats)s.")


def of_import_done(words: Details) -> str:
    """What came of it."""
    if words["failed"] == "0":
        return _("The import of entry %(began)s is done. Made: %(made)s.")
    return _("The import of entry %(began)s is done. Made: %(made)s; not made: %(failed)s.")


def of_which_import(number: int | None) -> str:
    """That it came by the import that an entry tells of."""
    return _("It came by the import of entry %(number)s.") % {"number": number} if number else ""
