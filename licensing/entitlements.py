"""What a product key entitles a client to: the key, its licence, the program and the features."""

from __future__ import annotations

from licensing import errors, keys, versions
from licensing.identity import Client
from licensing.models import Licence, ProductKey


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
