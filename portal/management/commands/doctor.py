"""``manage.py doctor``: what is well and what is not, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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
        return {"checks": [check._asdict() for check in checks]}, "\n".join(lines(checks))

    def answer(self, document: dict[str, Any], words: str, *, as_json: bool) -> None:
        """Print every part, and fail if one is not well."""
        super().answer(document, words, as_json=as_json)
        if unwell := [check["name"] for check in document["checks"] if check["ok"] is False]:
            raise CommandError(f"Not well: {', '.join(unwell)}.")


def lines(checks: Sequence[doctor.Check]) -> Iterator[str]:
    """Each part as people read it; at the end those together that could not be looked at."""
    yield from (line(check) for check in checks if check.ok is not None)
    unknown: dict[str, list[str]] = {}
    for check in checks:
        if check.ok is None:
            unknown.setdefault(check.detail, []).append(check.name)
    for because, names in unknown.items():
        yield f"----  {', '.join(names)}: {because}"


def line(check: doctor.Check) -> str:
    """One part; what to do about it stands below."""
    sign = "FAIL" if not check.ok else "WARN" if check.what_to_do else "ok  "
    return f"{sign}  {check.name}: {check.detail}\n      {check.what_to_do}".rstrip()
