"""Serial numbers and product keys as people paste them, out of mails and documents.

Programs make dashes of hyphens and curly quotes of straight ones, and put in what nobody sees:
soft hyphens, marks of direction, the zero-width spaces of web pages.
"""

from __future__ import annotations

import re
import string
import unicodedata

UNMEANT = re.compile(r"[\s\x00-\x1f\x7f\-\"'`]")
KINDS_UNMEANT = frozenset({"Cc", "Cf", "Mn", "Pd", "Pf", "Pi", "Zl", "Zp", "Zs"})
"""Control and format characters, marks upon others, dashes, quotes and blanks."""
DASHES_AND_QUOTES = frozenset(
    "\u02d7\u2043\u2212\u30fc\u201a\u201e\u2032\u2033\u2035\u301d\u301e\u301f"
)
"""Those that Unicode counts among other kinds: minus, hyphen bullet, low quotes, primes."""
STOPS = string.punctuation + "\u2022\u00b7\u3002\u3001"
"""What may stand around a key: a full stop, a comma, brackets, a bullet."""

LETTER = r"[0-9A-Za-z\uff10-\uff19\uff21-\uff3a\uff41-\uff5a]"
UNSEEN = r"[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]"
DASH_OR_QUOTE = r"""[\s\-'"`\u00b4\u02d7\u2010-\u201f\u2043\u2212\u30fc\ufe58\ufe63\uff0d]"""
BETWEEN = f"(?:{DASH_OR_QUOTE}|{UNSEEN})"
GROUP = f"{LETTER}(?:{UNSEEN}*{LETTER}){{4}}"
HAS_A_DIGIT = rf"(?=(?:{BETWEEN}*{LETTER}){{0,29}}{BETWEEN}*[0-9\uff10-\uff19])"
"""What six words of five letters have not; one key in 75,000 has none either."""
KEY_SHAPE = f"(?<!{LETTER}){HAS_A_DIGIT}{GROUP}(?:{BETWEEN}*{GROUP}){{5}}(?!{LETTER})"
"""A product key somewhere in a text, for Python and for browsers, wrong characters in it or not."""


def cleaned(text: str) -> str:
    """What was meant by a serial number or product key.

    Full-width letters and digits are the usual ones (NFKC). Blanks, dashes and quotes of
    every kind go, and what cannot be seen; at both ends everything that is no letter or
    digit, such as a full stop or brackets.
    """
    if not text.isascii():
        text = meant(unicodedata.normalize("NFKC", meant(text)))
    return UNMEANT.sub("", text).strip(STOPS)


def meant(text: str) -> str:
    """The text without what is not meant; NFKC makes one letter of a mark and the one before it,
    and blanks and quotes of others, so that both what it is given and what it gives want this."""
    return "".join(filter(is_meant, text))


def is_meant(character: str) -> bool:
    """Whether a character is more than a dash, a quote, a blank or something unseen."""
    is_other = character in DASHES_AND_QUOTES
    return not is_other and unicodedata.category(character) not in KINDS_UNMEANT
