"""A language for tests: every text of the German catalogue, in English with marks.

"Home" reads "⟦Ĥöɱéé⟧". What is not in the catalogue stays as it is, so that it shows.
"""

from __future__ import annotations

import gettext
import re

from django.utils.translation import trans_real

CODE = "en-xa"
OPEN, CLOSE = "⟦", "⟧"
ACCENTED = str.maketrans("aceghijlnorsuwyAEHIOU", "áćéğĥíĵłñöŕšüŵýÅËĤÎÖÛ")
KEPT = re.compile(r"(%(?:\(\w+\))?[sd]|%%|\{\w*\}|<[^>]*>|&\w+;|https?://\S+)")
GROWTH = 0.3


class PseudoTranslation(gettext.NullTranslations):
    """Marks what the German catalogues hold, those of Django and allauth included."""

    def __init__(self):
        super().__init__()
        self.german = trans_real.translation("de")
        self._catalog = {}

    def language(self):
        return CODE

    def to_language(self):
        return CODE

    def gettext(self, message):
        return marked(message) if message in self.german._catalog else message

    def ngettext(self, singular, plural, number):
        chosen = singular if number == 1 else plural
        return marked(chosen) if (singular, 0) in self.german._catalog else chosen


class LongestTranslation(PseudoTranslation):
    """Each text in German or with marks, whichever needs more room."""

    def gettext(self, message):
        return max(super().gettext(message), self.german.gettext(message), key=room)

    def ngettext(self, singular, plural, number):
        words = (singular, plural, number)
        return max(super().ngettext(*words), self.german.ngettext(*words), key=room)


def room(text):
    """What a text needs on a narrow page: first what does not break, then all."""
    return max(map(len, text.split()), default=0), len(text)


def marked(message):
    """The text in brackets, accented and longer; what is filled in stays as it is."""
    text = message.rpartition("\x04")[2]
    if not text.strip():
        return text
    parts = KEPT.split(text)
    accented = "".join(
        part if index % 2 else part.translate(ACCENTED) for index, part in enumerate(parts)
    )
    return OPEN + accented + "·" * round(len(text) * GROWTH) + CLOSE


def speak(monkeypatch, settings, translation=PseudoTranslation):
    """Offer the language until the test is over."""
    settings.LANGUAGES = [*settings.LANGUAGES, (CODE, "Pseudo")]
    monkeypatch.setitem(trans_real._translations, CODE, translation())
    known = trans_real.check_for_language
    monkeypatch.setattr(trans_real, "check_for_language", lambda code: code == CODE or known(code))
