"""Complete a release's list of parts: the front-end files besides the packages, and each licence.

``scripts/release.sh`` runs it where the packages of ``requirements/release.txt`` are, with what
CycloneDX found of the product's packages: ``python parts.py FOUND DIST`` writes ``sbom.cdx.json``
and ``licences.txt``.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

PRODUCT = "licensing-portal"
VENDORED = Path(__file__).resolve().parent.parent / "static" / "vendor" / "README.md"
ROW = re.compile(r"\| `(.+?)` \| (\S+) \| (\S+) \| (.+?) \| `([0-9a-f]{64})` \|")
READ_BY_HAND = {
    "uritemplate": "BSD-3-Clause OR Apache-2.0",
    "drf-spectacular-sidecar": "BSD-3-Clause; its Swagger UI Apache-2.0, its Redoc MIT",
    "psycopg-binary": "LGPL-3.0-only; its libpq PostgreSQL, its OpenSSL Apache-2.0",
}
"""Licences of which a package's own metadata do not tell all."""


def main(found: Path, dist: Path) -> None:
    """Write both; leave with a sentence when a part names no licence, or the list is none."""
    bill = json.loads(found.read_text())
    [product] = [part for part in bill["components"] if part["name"] == PRODUCT]
    packages = [part for part in bill["components"] if part is not product]
    parts = sorted([*packages, *front_end_files()], key=lambda part: part["name"].lower())
    bill["metadata"]["component"] = {**product, "type": "application"}
    bill["components"] = parts

    unknown = [part["name"] for part in parts if not licence(part)]
    if unknown:
        sys.exit(f"Names no licence: {', '.join(unknown)}. Read it, and add it to {__file__}.")
    text = json.dumps(bill, indent=1)
    if fault := JsonStrictValidator(SchemaVersion.V1_6).validate_str(text):
        sys.exit(f"Is no CycloneDX: {fault}")
    (dist / "sbom.cdx.json").write_text(text)
    rows = [f"{part['name']} {part['version']}: {licence(part)}\n" for part in [product, *parts]]
    (dist / "licences.txt").write_text("".join(rows))


def front_end_files() -> Iterator[dict[str, Any]]:
    """The parts that the product has copies of, by the table that names them."""
    for file, name, version, its_licence, digest in ROW.findall(VENDORED.read_text()):
        purl = f"pkg:npm/{quote(name, safe='/')}@{version}"
        yield {
            "type": "library",
            "bom-ref": purl,
            "purl": purl,
            "name": name,
            "version": version,
            "licenses": [{"license": {"id": its_licence}}],
            "hashes": [{"alg": "SHA-256", "content": digest}],
            "properties": [{"name": "file", "value": f"static/vendor/{file}"}],
        }


def licence(part: dict[str, Any]) -> str:
    """What the part names: identifiers of SPDX if it has any, else whatever it says."""
    if part["name"] in READ_BY_HAND:
        return READ_BY_HAND[part["name"]]
    named = [row.get("expression") or row["license"] for row in part.get("licenses", [])]
    exact = [row if isinstance(row, str) else row["id"] for row in named if is_exact(row)]
    loose = [row["name"].rpartition(" :: ")[2] for row in named if not is_exact(row)]
    return ", ".join(exact or loose)


def is_exact(named: str | dict[str, Any]) -> bool:
    """Whether it is an identifier or an expression of SPDX."""
    return isinstance(named, str) or "id" in named


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
