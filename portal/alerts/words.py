"""What an alert says to one reader, wherever that is: on a page, in a mail, a message, a feed."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext as _

from portal.alerts.events import EVENTS
from portal.models import Alert, AlertNotice, AlertRule
from portal.words.aliases import Names


def says(alert: Alert, names: Names) -> str:
    """What is the case, or was."""
    return EVENTS[alert.event].says(alert, names)


def notice_says(notice: AlertNotice, names: Names) -> str:
    """What its reader is told: that it is the case, or that it is over."""
    event = EVENTS[notice.alert.event]
    tell = event.over if notice.is_end and event.over else event.says
    return tell(notice.alert, names)


def page_of(alert: Alert) -> str:
    """The path of the page where one looks at it."""
    return EVENTS[alert.event].leads_to(alert)


def url_of(alert: Alert) -> str:
    """The whole address of that page."""
    return settings.BASE_URL + page_of(alert)


def title_of(rule: AlertRule) -> str:
    """What a rule is called."""
    return str(EVENTS[rule.event].title)


def scope_of(rule: AlertRule) -> str:
    """Which licences a rule is about."""
    if rule.licence:
        return rule.licence.name
    return _("Tag “%s”") % rule.tag if rule.tag else _("Whole account")


def rule_in_words(rule: AlertRule) -> str:
    """ "Pool full, 90 % of the seats in use, Leeds"; the whole account is not named."""
    scope = scope_of(rule) if rule.licence or rule.tag else ""
    return ", ".join(filter(None, [title_of(rule), threshold_of(rule), scope]))


def threshold_of(rule: AlertRule) -> str:
    """The threshold of a rule; nothing where its event has none."""
    if rule.threshold is None:
        return ""
    return EVENTS[rule.event].threshold(rule.threshold)
