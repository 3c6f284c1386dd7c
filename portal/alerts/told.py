"""What is said of what is no licence's: tokens, webhooks, support that looks; and since when."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone
from django.utils.translation import gettext as _

from portal.models import Alert
from portal.words.aliases import Names
from portal.words.names import short_name
from portal.words.times import date_in_words, last_day_before, time_in_words


def since(moment: dt.datetime) -> str:
    """ "10:40" of today, else "26 Nov 10:40"."""
    local = timezone.localtime(moment)
    if local.date() == timezone.localdate():
        return time_in_words(local)
    return f"{date_in_words(local, today=timezone.localdate())} {time_in_words(local)}"


def token_ends(alert: Alert, _names: Names) -> str:
    """ "API token “BI” ends on 14 Dec", its last day."""
    last_day = last_day_before(dt.datetime.fromisoformat(alert.facts["ends_at"]))
    day = date_in_words(last_day, today=timezone.localdate())
    return _("API token “%(name)s” ends on %(day)s") % {"name": alert.facts["name"], "day": day}


def webhook_is_off(alert: Alert, _names: Names) -> str:
    """ "Webhook turned off: hooks.brook.example"."""
    return _("Webhook turned off: %(host)s") % alert.facts


def support_views(alert: Alert, _names: Names) -> str:
    """ "Support (Anna Kowalski, ticket 4821) viewed your account, from 14:02"."""
    words = {"since": since(alert.since), "name": short_name(alert.facts["name"])}
    if not alert.facts["ticket"]:
        return _("Support (%(name)s) viewed your account, from %(since)s") % words
    words["ticket"] = alert.facts["ticket"]
    return _("Support (%(name)s, ticket %(ticket)s) viewed your account, from %(since)s") % words
