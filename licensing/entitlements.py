"""What a product key entitles a client to: the key, its licence, the program and the features."""

from __future__ import annotations

from django.db.models import CharField, Count, Func

from licensing import errors, keys, versions
from licensing.identity import Client
from licensing.models import Licence, LicenceFeature, ProductKey


def require_usable(key: ProductKey, client: Client) -> None:
    """Raise why this key opens nothing for this client, if so: key, licence, program, features."""
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
    included = licence.licence_features.select_related("feature").order_by("feature__name")
    return [(item, counts.get(item.feature.code, 0)) for item in included]
