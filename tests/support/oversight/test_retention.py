"""How long each kind of data is kept, as one page tells it."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

from support.oversight.retention import KEPT

APPS = ("licensing", "portal", "support", "sessions")


def test_every_model_is_of_one_kind():
    of_kinds = sorted(name for kept in KEPT for name in kept.models)
    models = (model for app in APPS for model in apps.get_app_config(app).get_models())

    assert of_kinds == sorted(model._meta.model_name for model in models if model._meta.managed)


def test_the_page_tells_what_the_settings_say(support, settings):
    settings.KEEP_HISTORY_DAYS = 77

    text = support.get("/support/retention/").text

    assert "77 days" in text
    assert "KEEP_HISTORY_DAYS" in text
    assert "No end" in text


@pytest.mark.parametrize("setting", sorted({kept.setting for kept in KEPT} - {""}))
def test_a_setting_is_one(setting):
    assert isinstance(getattr(settings, setting), int)


def test_what_is_kept_on_people_for_a_time_is_so_long_as_somebody_sets():
    fixed = {kept.kind for kept in KEPT if kept.lasts and kept.names == "People"}

    assert fixed == {"Answers of the vendor's API", "Forms kept while one signs in again"}


def test_periods_are_told_in_days_or_hours():
    told = {kept.kind: kept.period for kept in KEPT}

    assert told["Mails: that one was sent, and to whom"] == "30 days"
    assert told["Forms kept while one signs in again"] == "1 hour"


def test_the_documentation_names_each_kind():
    text = " ".join(Path("docs/security.md").read_text().split())

    assert [kept.kind for kept in KEPT if kept.kind not in text] == []
