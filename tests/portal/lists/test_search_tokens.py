"""The search box's language, apart from any list."""

from __future__ import annotations

import pytest
from django.db.models import Q

from portal.lists import search_tokens

FILTERS = {
    "user": lambda sign, value: Q(user=value) if sign == ":" else None,
    "last": lambda sign, value: Q(last=(sign, value)) if value.endswith("h") else None,
}


def parse(text):
    return search_tokens.parse(text, FILTERS)


@pytest.mark.parametrize(
    ("text", "condition", "words"),
    [
        ("", Q(), []),
        ("jsmith cad", Q(), ["jsmith", "cad"]),
        ("user:jsmith", Q(user="jsmith"), []),
        ("USER:jsmith", Q(user="jsmith"), []),
        ('user:"J. Smith" cad', Q(user="J. Smith"), ["cad"]),
        ("last>2h last<9h", Q(last=(">", "2h")) & Q(last=("<", "9h")), []),
        ('"London planners"', Q(), ["London planners"]),
        ("user: jsmith", Q(), ["user:", "jsmith"]),
        ("ACME\\jsmith", Q(), ["ACME\\jsmith"]),
        ('"', Q(), ['"']),
        ("a\0b", Q(), ["ab"]),
    ],
)
def test_reads_tokens_and_words(text, condition, words):
    search = parse(text)

    assert (search.condition, [word for word in search.words if word]) == (condition, words)


def test_an_unknown_filter_is_text_and_told():
    search = parse("site:London user:jsmith")

    assert search.words == ["site:London"]
    assert search.notes == ["No filter called 'site'. Searching for the text instead."]


def test_a_value_that_means_nothing_is_text_and_told():
    search = parse("last>soon")

    assert search.words == ["last>soon"]
    assert search.notes == ["“soon” is nothing that 'last' knows. Searching for the text instead."]


def test_takes_one_token_out():
    search = parse('user:"J. Smith" cad last>2h')

    assert [search.without(token) for token in search.tokens] == [
        "cad last>2h",
        'user:"J. Smith" cad',
    ]


def test_words_beyond_the_most_are_left_out_and_told():
    search = parse("user:jsmith " + " ".join(f"w{n}" for n in range(100)))

    assert [part.text for part in search.parts] == ["user:jsmith", *(f"w{n}" for n in range(11))]
    assert search.notes == ["Only the first 12 words are looked for."]


def test_a_long_text_is_cut_and_told():
    search = parse("x" * 501)

    assert (search.text, search.words) == ("x" * 500, ["x" * 500])
    assert search.notes == ["Only the first 500 characters are looked for."]


def test_a_list_without_filters_has_words_and_phrases_alone():
    search = search_tokens.parse('site:London "J. Smith"')

    assert (search.words, search.notes) == (["site:London", "J. Smith"], [])
