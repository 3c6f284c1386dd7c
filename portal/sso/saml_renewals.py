"""SAML providers change their certificates; the portal follows their metadata."""

from __future__ import annotations

import structlog
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from licensing import audit, clock
from licensing.errors import InvalidOperation
from portal.models import SingleSignOn
from portal.outbound import asking
from portal.outbound.unanswered import Busy
from portal.people import mails_to_owners
from portal.sso import saml_metadata, single_sign_on
from portal.sso.saml_metadata import Metadata

logger = structlog.get_logger(__name__)


def renew_all() -> int:
    """Read anew all metadata that has an address; return how many accounts have new values.

    What failed last time comes last, so that slow servers take no time from others.
    """
    singles = SingleSignOn.objects.exclude(metadata_url="").select_related("account")
    failed_last = singles.order_by(F("metadata_failed_at").asc(nulls_first=True))
    return sum(renew_or_note(single) for single in failed_last)


def renew_or_note(single: SingleSignOn) -> bool:
    """The same for one account, which goes on with what it has if there is no metadata."""
    try:
        return renew(single, by=audit.SYSTEM)
    except InvalidOperation as error:
        logger.warning("saml_metadata_failed", account=single.account_id, reason=str(error))
        return False


def renew(single: SingleSignOn, *, by: audit.Actor) -> bool:
    """Read the provider's metadata anew; True if its certificates or address changed.

    Raise InvalidOperation when it cannot be read, or is another provider's by now; the
    settings page then says since when. Raise Busy when nobody was asked.
    """
    try:
        found = saml_metadata.read(single.metadata_url)
        if found.entity_id != single.issuer:
            raise InvalidOperation(_("The metadata is another provider's now."))
    except Busy:
        raise
    except InvalidOperation:
        note_failure(single)
        raise
    return take(single, found, by=by)


def note_failure(single: SingleSignOn) -> None:
    """Remember since when the metadata cannot be read."""
    same = SingleSignOn.objects.filter(pk=single.pk, metadata_url=single.metadata_url)
    same.filter(metadata_failed_at=None).update(metadata_failed_at=Now())


@transaction.atomic
def take(single: SingleSignOn, found: Metadata, *, by: audit.Actor) -> bool:
    """Go by this metadata from now on, unless the account has another provider meanwhile."""
    current = single_sign_on.locked(single.account)
    if current is None or not single_sign_on.is_still(current, single):
        return False
    is_new = says(current) != says(found)
    current.sign_in_url, current.certificates = found.sign_in_url, found.certificates
    current.sign_in_origin = asking.origin_of(found.sign_in_url)
    current.metadata_read_at, current.metadata_failed_at = clock.database_time(), None
    current.save()
    if is_new:
        prints = [saml_metadata.described(text).fingerprint for text in found.certificates]
        audit.record(single.account, "sso_certificates_changed", by=by, certificates=prints)
        subject = gettext_lazy("The sign-in service of %(account)s has new certificates")
        mails_to_owners.tell(single.account, subject, by=by)
    return is_new


def says(source: SingleSignOn | Metadata) -> tuple[str, set[str]]:
    """Where a provider signs people in, and by which certificates its word is checked."""
    return source.sign_in_url, set(source.certificates)
