"""What is said of a provider's word that lets nobody in, to whoever reads it."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.models import Role, SingleSignOn
from portal.people.members import whom_to_ask
from portal.sso.links import NotLetIn, Why


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """One reason in the words of the two who may read it.

    An owner who tries the provider out learns all of it. Whoever signs in does not: a stranger
    is told the same of every address that the account does not know.
    """

    to_person: str | Promise
    to_owner: str | Promise


NOT_OF_THE_ACCOUNT = gettext_lazy(
    "You are signed in there, but no person of the account has that e-mail address."
)
REFUSALS: dict[Why, Refusal] = {
    Why.NO_ADDRESS: Refusal(
        to_person=NOT_OF_THE_ACCOUNT,
        to_owner=gettext_lazy(
            "The provider answered, but does not say that %(email)s is verified."
        ),
    ),
    Why.OTHER_DOMAIN: Refusal(
        to_person=NOT_OF_THE_ACCOUNT,
        to_owner=gettext_lazy(
            "The provider answered, but %(email)s is in none of your verified domains."
        ),
    ),
    Why.UNKNOWN: Refusal(
        to_person=gettext_lazy(
            "Nobody has added %(email)s to %(account)s. Ask %(names)s to invite you."
        ),
        to_owner=gettext_lazy(
            "The provider answered, but nobody of the account signs in as %(email)s."
        ),
    ),
    Why.SOMEBODY_ELSE: Refusal(
        to_person=gettext_lazy(
            "%(email)s was somebody else's at your provider before. If it is yours now, ask "
            "%(names)s to unlink it."
        ),
        to_owner=gettext_lazy(
            "The provider answered, but %(email)s was somebody else's there before. Unlink the "
            "person."
        ),
    ),
    Why.BARRED: Refusal(
        to_person=NOT_OF_THE_ACCOUNT,
        to_owner=gettext_lazy("The provider answered, but %(email)s may not sign in."),
    ),
    Why.SET_UP_ANEW: Refusal(
        to_person=gettext_lazy("The sign-in service was set up anew meanwhile. Try again."),
        to_owner=gettext_lazy("The provider was set up anew meanwhile. Test it once more."),
    ),
}


def told_person(refusal: NotLetIn, single: SingleSignOn) -> str:
    """What somebody reads who is not let in; the account's owners only if it vouches for them."""
    words = {
        "email": refusal.email,
        "account": single.account,
        "names": whom_to_ask(single.account, Role.OWNER),
    }
    return str(REFUSALS[refusal.why].to_person) % words


def told_owner(refusal: NotLetIn) -> str:
    """Why nobody would have been let in, and what to do about it."""
    if refusal.why is Why.NO_ADDRESS and not refusal.email:
        return _(
            "The provider answered, but named no e-mail address, or several. "
            "Let it send one, as email."
        )
    return str(REFUSALS[refusal.why].to_owner) % {"email": refusal.email}
