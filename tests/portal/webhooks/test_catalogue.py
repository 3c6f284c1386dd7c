"""The events of webhooks: each act that customers see has one, as it is documented."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
from django.conf import settings
from django.utils import translation

from portal.webhooks import catalogue, examples
from portal.words.sentences import SENTENCES

DOCS = Path(settings.BASE_DIR, "docs", "webhooks.md")


def test_each_act_of_the_record_is_an_event_and_each_event_an_act():
    assert set(catalogue.BY_ACT) == set(SENTENCES)
    assert len(catalogue.BY_ACT) == len(catalogue.EVENTS)


def test_each_subject_has_its_words():
    assert {catalogue.subject_of(event) for event in catalogue.EVENTS} == set(catalogue.SUBJECTS)


def test_the_docs_have_every_event():
    with translation.override("en"):
        lines = [f"| `{event}` | {sentence} |" for event, sentence in catalogue.EVENTS.items()]

    told = [line for line in DOCS.read_text().splitlines() if line.startswith("| `")]

    assert [line for line in told if "." in line.split("`")[1]] == lines


@pytest.fixture
def document(client, db):
    return client.get("/api/v1/schema/").json()


def test_the_description_of_the_api_has_each_with_an_example_that_fits(document):
    schemas = {"components": document["components"]}

    assert set(document["webhooks"]) == {*catalogue.EVENTS, *catalogue.ALERTS, catalogue.TEST}
    for event, described in document["webhooks"].items():
        content = described["post"]["requestBody"]["content"]["application/json"]
        example = content["examples"]["posted"]["value"]
        jsonschema.validate(example, content["schema"] | schemas)
        assert example["type"] == event
        assert "%(" not in example["data"]["sentence"]


@pytest.mark.parametrize("event", ["session.released", "seats"])
def test_another_events_schema_does_not_fit(document, event):
    schemas = {"components": document["components"]}
    wrong = examples.example_of("licence.seats_changed") | {"type": event}

    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(wrong, examples.schema_of("licence.seats_changed") | schemas)


def test_the_docs_show_an_event_as_it_is_posted():
    shown = DOCS.read_text().partition("```json\n")[2].partition("```")[0]

    assert json.loads(shown) == examples.example_of("session.released")
