"""Gather every text of the product and bring each language's catalogue up to date: `make messages`.

Writes ``locale/<language>/LC_MESSAGES/django.po`` and compiles it to ``django.mo`` beside it.
Babel does it all; GNU gettext is not needed. ``python scripts/messages.py de fr`` begins French.
"""

from __future__ import annotations

import datetime as dt
import io
import json
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
LOCALE = ROOT / "locale"
# What customers read. The vendor's console and admin stay English.
SOURCES = ["portal", "licensing", "config", "templates"]
ENGLISH_ONLY = ["templates/admin", "templates/support"]
PLAIN = "en_GB"
"""What Django says, in words of ours: written by hand, nothing is gathered into it."""
SAME_MOMENT = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
"""Stands in the compiled files, so that they change only with their texts."""
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}


def source_files() -> Iterator[Path]:
    """Python files, templates and tables that hold texts customers read, in a stable order."""
    for folder in SOURCES:
        for path in sorted((ROOT / folder).rglob("*")):
            name = path.relative_to(ROOT).as_posix()
            if path.suffix in {".py", ".html", ".txt", ".json"} and not name.startswith(
                tuple(ENGLISH_ONLY)
            ):
                yield path


def as_python(path: Path) -> bytes:
    """The file as Python, which is what the extractor reads."""
    text = path.read_text()
    if path.suffix == ".py":
        return text.encode()
    if path.suffix == ".json":
        meanings = [row["meaning"] for row in json.loads(text)["values"]]
        return "\n".join(f"_({meaning!r})" for meaning in meanings).encode()
    # Django turns a template into calls of gettext between rows of X; their indentation means
    # nothing.
    return "\n".join(line.strip() for line in templatize(text).splitlines()).encode()


def extracted() -> Catalog:
    """Every text in the sources, untranslated, with the files that use it."""
    found = Catalog(fuzzy=False)
    for path in source_files():
        name = path.relative_to(ROOT).as_posix()
        source = io.BytesIO(as_python(path))
        for _line, message, _comments, context in extract("python", source, KEYWORDS):
            found.add(message, locations=[(name, 0)], context=context)
    return found


def read(language: str) -> Catalog:
    """A language's catalogue as it stands; an empty one for a new language."""
    path = po_file(language)
    if not path.exists():
        return Catalog(locale=language.replace("-", "_"), fuzzy=False)
    with path.open("rb") as source:
        return read_po(source, locale=language.replace("-", "_"))


def languages() -> list[str]:
    """Those that there is a catalogue of, besides the English of the sources."""
    return sorted({path.name for path in LOCALE.iterdir()} - {PLAIN})


def compile_(language: str) -> None:
    """Compile from the file, so that the same file always gives the same bytes."""
    po_file(language).with_suffix(".mo").write_bytes(as_mo(read(language)))


def po_file(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def updated(language: str) -> Catalog:
    """The language's catalogue with what the sources hold now, and nothing else.

    A new text is left empty: a guess that resembles it would be taken for a translation.
    """
    catalogue = read(language)
    catalogue.update(extracted(), no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    return catalogue


def as_po(catalogue: Catalog) -> bytes:
    """The catalogue as a file that changes only where its texts do: no dates, no line numbers."""
    target = io.BytesIO()
    write_po(target, catalogue, width=100, omit_header=True, sort_output=True, include_lineno=False)
    return header(catalogue).encode() + target.getvalue()


def header(catalogue: Catalog) -> str:
    lines = [
        f"Language: {catalogue.locale_identifier}",
        "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=utf-8",
        "Content-Transfer-Encoding: 8bit",
        f"Plural-Forms: {catalogue.plural_forms}",
    ]
    return 'msgid ""\nmsgstr ""\n' + "".join(f'"{line}\\n"\n' for line in lines) + "\n"


def as_mo(catalogue: Catalog) -> bytes:
    """The catalogue compiled, as Django reads it."""
    catalogue.creation_date = catalogue.revision_date = SAME_MOMENT
    target = io.BytesIO()
    write_mo(target, catalogue)
    return target.getvalue()


def missing(catalogue: Catalog) -> list[str]:
    """Texts without a translation."""
    return [
        str(message.id)
        for message in catalogue
        if message.id and not all(message.string if message.pluralizable else [message.string])
    ]


def main(wanted: list[str]) -> None:
    compile_(PLAIN)
    for language in wanted or languages():
        catalogue = updated(language)
        po_file(language).parent.mkdir(parents=True, exist_ok=True)
        po_file(language).write_bytes(as_po(catalogue))
        compile_(language)
        print(f"{language}: {len(catalogue)} texts, {len(missing(catalogue))} to translate")


if __name__ == "__main__":
    main(sys.argv[1:])
