"""``manage.py doctor``: what is well and what is not, and what to do about it."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError

from licensing.management.operator import OperatorCommand
from portal.upkeep import doctor


class Command(OperatorCommand):
    """Look at every part that the product needs; fail if one is not well."""

    help = "Look at each part that the product needs: what is well, and what to do about the rest."

    def operate(self, **options: Any) -> tuple[dict[str, Any], str]:
        """Look at everything."""
        checks = doctor.examine()
        return {"checks": [check._asdict() for check in checks]}, "\n".join(map(line, checks))

    def answer(self, document: dict[str, Any], words: str, *, as_json: bool) -> None:
        """Print every part, and fail if one is not well."""
        super().answer(document, words, as_json=as_json)
        if unwell := [check["name"] for check in document["checks"] if not check["ok"]]:
            raise CommandError(f"Not well: {', '.join(unwell)}.")


def line(check: doctor.Check) -> str:
    """One part as people read it; what to do about it stands below."""
    sign = "ok  " if check.ok else "FAIL"
    return f"{sign}  {check.name}: {check.detail}\n      {check.what_to_do}".rstrip()
