"""``manage.py reencrypt``: put every secret under the first key, so that older ones can go."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.core.management.base import CommandError

from licensing.management.operator import OperatorCommand
from portal.upkeep import encrypted


class Command(OperatorCommand):
    """Re-encrypt what is not under the first key; fail if there is something that no key opens."""

    help = (
        "Put every stored secret under the first of PRODUCT_KEY_ENCRYPTION_KEYS, so that older "
        "keys can be taken out. It works beside the product, and can be stopped and run again."
    )

    def operate(self, **options: Any) -> tuple[dict[str, Any], str]:
        """Do one place after the other, telling of each."""
        counts = {}
        for place in encrypted.PLACES:
            count = counts[place.name] = encrypted.reencrypt(place)
            self.stderr.write(
                f"{place.name}: {count.rows} looked at, {count.changed} re-encrypted, "
                f"{count.lost} that no key opens"
            )
        places = {name: asdict(count) for name, count in counts.items()}
        return {"places": places}, "Every secret that our keys open is under the first key."

    def answer(self, document: dict[str, Any], words: str, *, as_json: bool) -> None:
        """Print the counts, and fail if older keys are still needed."""
        super().answer(document, words, as_json=as_json)
        if lost := sum(place["lost"] for place in document["places"].values()):
            raise CommandError(
                f"Secrets that no key opens: {lost}. Put the key back with which they were "
                "encrypted, behind the first, and run this again; `manage.py doctor` names them."
            )
