"""What ends with an account: licences and sessions, keys, people, and whoever is told of it."""

from __future__ import annotations

from licensing import audit, closing
from licensing.audit import Actor
from licensing.models import Account
from portal.models import (
    AlertRule,
    ApiToken,
    Invitation,
    Report,
    SecretAddress,
    SingleSignOn,
    Visit,
    VisitOver,
    Webhook,
)
from portal.people import invitations, members
from portal.reports import orders
from portal.sign_in import api_tokens, visits
from portal.sso import email_domains, single_sign_on
from portal.webhooks import hooks


def end_all(account: Account, *, by: Actor, reason: str) -> dict[str, int]:
    """End all of it; return how much there was of what, as the record has it.

    In a transaction of the caller's, which has locked the account after its licences.
    """
    ended = closing.end_licences(account, by=by, reason=reason)
    end_doors(account, by=by, reason=reason)
    people = members.remove_all(account, by=by, reason=reason)
    return {
        "licences": ended.licences,
        "sessions": ended.sessions,
        "keys": ended.keys,
        "people": people,
    }


def end_doors(account: Account, *, by: Actor, reason: str) -> None:
    """End the ways into the account, and what it tells others by itself."""
    for invitation in Invitation.objects.pending().filter(account=account):
        invitations.cancel(invitation, by=by, reason=reason)
    for token in ApiToken.objects.filter(account=account, revoked_at=None):
        api_tokens.revoke(token, by=by, reason=reason)
    for webhook in Webhook.objects.kept().filter(account=account):
        hooks.remove(webhook, by=by, reason=reason)
    orders.end_all(account, by=by, reason=reason)
    end_single_sign_on(account, by=by, reason=reason)
    SecretAddress.objects.filter(account=account).delete()
    AlertRule.objects.filter(account=account).delete()
    for visit in Visit.objects.going_on().filter(account=account).select_related("entry"):
        visits.end(visit, VisitOver.ACCOUNT_CLOSED, by=by)


def end_single_sign_on(account: Account, *, by: Actor, reason: str) -> None:
    """Forget the provider, and let go of the domains, which another account may verify then."""
    if single := single_sign_on.of_account(account):
        single.delete()
        audit.record(account, "sso_turned_off", by=by, reason=reason)
    for domain in account.email_domains.order_by("pk"):
        email_domains.remove(domain, by=by, reason=reason)


def counted(account: Account) -> dict[str, int]:
    """How much there is of what would end."""
    return {
        "licence": account.licences.exclude(state="closed").count(),
        "open session": account.sessions.active().count(),
        "key": len(closing.working_keys(account)),
        "person": account.memberships.count(),
        "invitation": Invitation.objects.pending().filter(account=account).count(),
        "API token": ApiToken.objects.working().filter(account=account).count(),
        "webhook": Webhook.objects.kept().filter(account=account).count(),
        "report by mail": Report.objects.filter(account=account).count(),
        "alert rule": account.alert_rules.count(),
        "single sign-on": SingleSignOn.objects.filter(account=account).count(),
    }
