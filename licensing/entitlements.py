"""What a product key entitles a client to: the key, its licence, the program and the features;
and the session id that the client may have made."""

from __future__ import annotations

from django.db.models import CharField, Count, Func

from licensing import errors, keys, refusals, versions
from licensing.identity import Client
from licensing.models import ClientSession, ClosedId, Licence, LicenceFeature, ProductKey
from licensing.models.licences import LicenceState
from licensing.models.sessions import EndReason
from licensing.models.spelling import Alphabetical

ID_IS_TAKEN = {"pointer": "/session_id", "detail": "This id is in use. Make another id."}


def require_usable(key: ProductKey, client: Client) -> None:
    """Raise why this key opens nothing for this client, if so: key, licence, program, features."""
    if key.licence.state == LicenceState.CLOSED:
        raise errors.LicenceClosed  # another key would not help
    keys.require_usable(key)
    key.licence.require_usable()

    product = key.licence.product
    if client.product and client.product != product.code:
        raise errors.ProductMismatch
    if not versions.is_at_least(client.version, product.minimum_version):
        raise errors.VersionNotSupported(minimum_version=product.minimum_version)
    if client.features:
        require_features(key.licence, client.features)


def require_features(licence: Licence, wanted: tuple[str, ...]) -> None:
    """Raise FeatureNotLicensed with those that the licence does not include."""
    included = licence.licence_features.values_list("feature__code", flat=True)
    if missing := sorted(set(wanted) - set(included)):
        raise errors.FeatureNotLicensed(features=missing)


def feature_use(licence: Licence) -> list[tuple[LicenceFeature, int]]:
    """The features that a licence includes, each with how many open sessions asked for it."""
    asked = licence.sessions.active().order_by()
    each = asked.annotate(code=Func("features", function="unnest", output_field=CharField()))
    counts = dict(each.values_list("code").annotate(Count("pk")))
    included = licence.licence_features.select_related("feature")
    by_name = included.order_by(Alphabetical("feature__name"))
    return [(item, counts.get(item.feature.code, 0)) for item in by_name]


def require_new_id(key: ProductKey, client: Client) -> None:
    """Raise what stands against the session id that the client made, if it made one.

    SessionReleased or SessionEnded when it was this client's and is over, or was closed before
    this check-out arrived; RequestInvalid when it is another's: whose, nobody is told.
    """
    if client.session_id is None:
        return
    if closed := ClosedId.objects.of(key.licence_id, client.session_id).first():
        ended_at = key.licence.account.local(closed.closed_at)
        raise errors.SessionEnded(reason=EndReason.CLOSED, ended_at=ended_at)
    related = ClientSession.objects.select_related("licence__account")
    session = related.filter(pk=client.session_id).first()
    if session is None:
        return
    if (session.licence_id, session.identity) != (key.licence_id, client.identity):
        raise errors.RequestInvalid(errors.RequestInvalid.of_taken_id, errors=[ID_IS_TAKEN])
    if session.ended_at:
        raise refusals.ended(session)
