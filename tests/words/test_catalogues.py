"""The languages' catalogues: whole, in step with the sources, compiled."""

from __future__ import annotations

import re

import pytest

from tests.words.gathering import messages

PLACEHOLDER = re.compile(r"%(?:\(\w+\))?[sd]|%%|<[^>]*>")

NOT_BRITISH = re.compile(r"\b(licenses?|organiz\w*|colors?|centers?|behaviors?)\b", re.IGNORECASE)
"""As a verb, "license" is British; no text says it yet."""

LANGUAGES = messages.languages()


@pytest.fixture(params=LANGUAGES)
def language(request):
    """Each language that there is a catalogue of."""
    return request.param


def placeholders(text):
    """What a translation must keep, in whatever order."""
    return sorted(PLACEHOLDER.findall(text))


def pairs(message):
    """Each translation with the text it stands for."""
    if message.pluralizable:
        return [(message.id[0], message.string[0]), (message.id[1], message.string[-1])]
    return [(message.id, message.string)]


def test_is_offered_to_people(settings):
    assert [code for code, _name in settings.LANGUAGES] == [settings.LANGUAGE_CODE, *LANGUAGES]


def test_leaves_nothing_untranslated(language):
    catalogue = messages.read(language)

    assert messages.missing(catalogue) == []
    assert [message.id for message in catalogue if message.id and message.fuzzy] == []


def test_keeps_every_placeholder(language):
    changed = [
        (text, translation)
        for message in messages.read(language)
        if message.id
        for text, translation in pairs(message)
        if placeholders(text) != placeholders(translation)
    ]

    assert changed == []


def test_is_in_step_with_the_sources(language):
    """When this fails: make messages, and translate what is new."""
    written = messages.po_file(language).read_bytes()

    assert messages.as_po(messages.updated(language)).decode() == written.decode()


@pytest.mark.parametrize("language", [*LANGUAGES, messages.PLAIN])
def test_is_compiled(language):
    compiled = messages.po_file(language).with_suffix(".mo").read_bytes()

    assert messages.as_mo(messages.read(language)) == compiled


def test_is_written_in_british_english():
    sources = [message.id for message in messages.read(LANGUAGES[0]) if message.id]

    assert [text for text in sources if NOT_BRITISH.search(str(text))] == []
