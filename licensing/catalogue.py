"""The catalogue: what the vendor sells. It belongs to no account, so the log tells of changes."""

from __future__ import annotations

import structlog

from licensing import audit
from licensing.models import Feature, Product

logger = structlog.get_logger(__name__)


def put(item: Product | Feature, *, by: audit.Actor) -> None:
    """Offer something new, or change its name or minimum version.

    Codes stay: programs and policies ask by them. Nothing is taken away, for licences have it.
    """
    item.save()
    logger.info("catalogue_changed", kind=item._meta.model_name, code=item.code, by=by.name)
