"""What Keygen has of licences and machines: its JSON:API documents, or CSV of the same attributes.

Both are read into plain rows, by the attributes' names without case and marks: ``maxMachines`` and
``max_machines`` are one. Nothing is decided here.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from licensing.alm import decode, require_columns_apart
from licensing.errors import InvalidOperation

MOST_ROWS = 20_000


@dataclass(frozen=True, slots=True)
class KeygenRow:
    """A licence or a machine, and what it says.

    ``number`` is the row as a spreadsheet counts them; in JSON which one it is, 1 being the first.
    """

    number: int
    values: dict[str, Any]

    def text(self, *names: str) -> str:
        """The first of these that says something."""
        for name in names:
            if (value := self.values.get(name)) not in (None, ""):
                return str(value).strip()
        return ""


@dataclass(slots=True)
class KeygenFile:
    """The licences and the machines of one or several files."""

    licences: list[KeygenRow] = field(default_factory=list)
    machines: list[KeygenRow] = field(default_factory=list)


def read(*contents: bytes) -> KeygenFile:
    """All that the files have; raise InvalidOperation for one that is none of Keygen's."""
    found = KeygenFile()
    for content in contents:
        text = decode(content)
        is_json = text.lstrip()[:1] in ("{", "[")
        rows = enumerate(of_json(text), start=1) if is_json else of_csv(text)
        for count, (number, values) in enumerate(rows, start=1):
            if count > MOST_ROWS:
                raise InvalidOperation(f"The file has more than {MOST_ROWS:,} rows.")
            kind = found.machines if "fingerprint" in values else found.licences
            kind.append(KeygenRow(number, values))
    if not found.licences:
        raise InvalidOperation("There are no licences in it.")
    return found


def of_json(text: str) -> Iterator[dict[str, Any]]:
    """The resources of a document, or of a list of them, with what is included beside them."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        raise InvalidOperation("The file is broken: it is not JSON.") from None
    for one in document if isinstance(document, list) else [document]:
        if not isinstance(one, dict):
            raise InvalidOperation("The file is no JSON:API document.")
        data = one.get("data", [] if "included" in one else one)
        resources = [*(data if isinstance(data, list) else [data]), *one.get("included", [])]
        for number, resource in enumerate(resources, start=1):
            if values := of_resource(number, resource):
                yield values


def of_resource(number: int, resource: Any) -> dict[str, Any]:
    """The attributes of a licence or a machine; of others nothing.

    Raise InvalidOperation for what is no resource, ``number`` telling which one it is.
    """
    try:
        kind, attributes = resource["type"], dict(resource["attributes"])
        related = resource.get("relationships") or {}
        ids = {name: (one.get("data") or {}).get("id") for name, one in related.items()}
    except (TypeError, KeyError, AttributeError, ValueError):
        raise InvalidOperation(
            f"Resource {number} of the file is none of JSON:API: it needs a type, an id and "
            "attributes."
        ) from None
    if kind not in ("licenses", "machines"):
        return {}
    values = {"id": resource.get("id")} | ids | attributes
    if kind == "machines":
        values.setdefault("fingerprint", "")
    return {plain(name): value for name, value in values.items()}


def of_csv(text: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """The rows of a table by its headings, each with its number in a spreadsheet."""
    lines = csv.reader(text.splitlines())
    heading = [plain(name) for name in next(lines, [])]
    if "id" not in heading or not {"maxmachines", "fingerprint"} & set(heading):
        raise InvalidOperation(
            "The first row must name columns: id, name, expiry, suspended, floating and "
            "maxMachines of licences, or id, fingerprint, hostname and license of machines."
        )
    require_columns_apart(heading)
    for number, cells in enumerate(lines, start=2):
        if any(cell.strip() for cell in cells):
            yield number, dict(zip(heading, cells, strict=False))


def plain(name: str) -> str:
    """The name of an attribute without what does not matter in it."""
    found = re.sub(r"[\s_-]+", "", name).casefold()
    return "license" if found in ("licence", "licenseid", "licenceid") else found
