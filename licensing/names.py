"""Names: one line of text that can be written anywhere later, and read again.

A name that is accepted goes into subjects and headers of mails, names of files, cells of workbooks,
policies, scripts, logs and JSON. What would end a line there, cannot stand in XML or shows what
comes after it in another order is refused where it is typed.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from licensing.errors import InvalidOperation
from licensing.identity import as_compared
from licensing.typed import UNSEEN

LINE_BREAKS = re.compile(r"[\n\v\f\r\x1c-\x1e\x85\u2028\u2029]+")
NO_TEXT = re.compile(
    r"[\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f\t"  # control characters
    r"\u202a-\u202e\u2066-\u2069"  # turn round what follows them
    r"\u00ad\u200b\u2060-\u2065\u206a-\u206f\ufeff"  # nobody sees them
    r"\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"  # no characters at all
)
NO_TEXT_OR_MARK = re.compile(rf"{NO_TEXT.pattern}|[\u061c\u180e\u200c-\u200f\ufe00-\ufe0f]")
"""With joiners and marks of direction and variation, which do nothing among Latin letters."""
WANTS_MARKS = re.compile(
    "[\u00a9\u00ae\u0590-\u061b\u061d-\u180d\u180f-\u1fff"
    "\u203c-\u205e\u20d0-\ufdff\ufe10-\ufefe\uff00-\U0010ffff]"
)
"""Letters that those join or run the other way, and emoji."""
MARKED = r"([A-Za-z\u0370-\u0417\u0419-\u0437\u0439-\u052f])[\u0300-\u036f]+"
"""A letter with marks that is sorted as the letter: Ä and é, but й is a letter of its own."""
JOINED = {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d"}
"""Letters that are sorted as others, though they are no composition of them."""
WRITTEN_OUT = {"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa"}
"""Letters as they are typed on a keyboard that lacks them, where that is not the bare letter."""
BETWEEN_LINES = re.compile(rf"[\n\r\t]|(?![\u202a-\u202e\u2066-\u2069]){UNSEEN}")
"""What stands in a text, as of web pages, and not in a name."""


def fault_in(name: str) -> str:
    """What keeps a text from being a name, in a sentence; empty if nothing does."""
    if LINE_BREAKS.search(name):
        return _("Write one line.")
    if found := no_text_for(name).search(name):
        return _("There is a character in it that is no text (U+%(code)s). Type it anew.") % {
            "code": f"{ord(found[0]):04X}"
        }
    return ""


def no_text_for(name: str) -> re.Pattern[str]:
    """What is no text in this name: it depends on its letters."""
    return NO_TEXT if WANTS_MARKS.search(name) else NO_TEXT_OR_MARK


def one_line(name: str) -> None:
    """The validator of names, in forms and models; raise ValidationError."""
    if fault := fault_in(name):
        raise ValidationError(fault)


def plain_text(text: str) -> None:
    """The validator of what may have several lines: reasons, notes, messages."""
    if text.strip() and not seen(text):
        raise ValidationError(_("Write something that can be read."))
    if fault := fault_in(BETWEEN_LINES.sub("", text)):
        raise ValidationError(fault)


def seen(text: str) -> str:
    """What somebody sees of a text: a zero-width space is as good as none."""
    return re.sub(UNSEEN, "", text).strip()


def require_one_line(*names: str) -> None:
    """Raise InvalidOperation unless all of them can be names, for whatever door they came by."""
    for name in names:
        if fault := fault_in(name):
            raise InvalidOperation(fault)


def on_one_line(name: str) -> str:
    """A name as it is told on one line: what was accepted before it was checked is mended."""
    return no_text_for(name).sub("", LINE_BREAKS.sub(" ", name.replace("\t", " "))).strip()


def as_header(text: str) -> str:
    """Text on one line, of which mail programs read nothing as an encoded word (RFC 2047)."""
    return on_one_line(text).replace("=?", "= ?")


def customer_name(name: str) -> str:
    """A customer's name as compared, blanks of every kind and number in it too."""
    return " ".join(as_compared(name).split())


def alphabetical(name: str) -> str:
    """What names are sorted by, as ``models.spelling.Alphabetical`` does: anna beside Anna."""
    return name.lower() if name.isascii() else f"{unmarked(name)}\x01{as_compared(name)}"


def unmarked(name: str) -> str:
    """A name in small letters without the marks of Latin, Greek and most Cyrillic ones."""
    letters = re.sub(MARKED, r"\1", unicodedata.normalize("NFKD", name))
    return replaced(unicodedata.normalize("NFC", letters).lower(), JOINED)


def written_out(name: str) -> str:
    """A name as compared, its umlauts as two letters."""
    return replaced(as_compared(name), WRITTEN_OUT)


def replaced(text: str, letters: dict[str, str]) -> str:
    """The text with each of these letters as others."""
    for letter, plain in letters.items():
        text = text.replace(letter, plain)
    return text


SPELLINGS = (as_compared, unmarked, written_out)


def spellings(word: str) -> list[str]:
    """How a word may stand in what is looked through: müller, muller and mueller."""
    if word.isascii():
        return [as_compared(word)]
    return list(dict.fromkeys(spell(word.strip()) for spell in SPELLINGS))


def as_searched(name: str) -> str:
    """What is looked through of a name, as ``models.spelling.Searched`` has it."""
    if name.isascii():
        return as_compared(name)
    return "\x01".join(spell(name.strip()) for spell in SPELLINGS)


def holds(text: str, word: str) -> bool:
    """Whether a text, as it is searched, has the word in any of its spellings."""
    return any(spelling in text for spelling in spellings(word))


if TYPE_CHECKING:
    Text = models.CharField[str, str]
else:
    Text = models.CharField


class NameField(Text):
    """A column that holds a name. To the database, and to migrations, it is any other text."""

    default_validators = [one_line]

    def deconstruct(self) -> tuple[str, str, list[object], dict[str, object]]:
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", list(args), kwargs
