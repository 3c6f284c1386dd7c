"""What worker and beat log is LOG_LEVEL's to say."""

import logging

import pytest

from config import logs
from config.celery import app


def test_celery_leaves_the_level_alone(monkeypatch):
    root = logging.getLogger()
    monkeypatch.setattr(root, "level", logging.INFO)
    monkeypatch.setattr(type(app.log), "already_setup", False)

    app.log.setup("WARNING")  # as its commands do when no --loglevel is given

    assert root.level == logging.INFO


@pytest.mark.parametrize(
    ("level", "of_each_task"), [("DEBUG", "DEBUG"), ("INFO", "WARNING"), ("ERROR", "ERROR")]
)
def test_a_line_for_each_task_is_for_debugging(level, of_each_task):
    loggers = logs.settings(level, "text")["loggers"]

    assert {loggers[name]["level"] for name in logs.ROUTINE} == {of_each_task}
