"""Alerts and the dashboard as shipped ask for figures that there are; the docs tell of each."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml
from django.conf import settings

from config import counted, metrics
from licensing.api import problems
from portal.upkeep import figures

DOCS = settings.BASE_DIR / "docs"
RULES = DOCS / "deploy" / "prometheus-rules.yml"
BOARD = DOCS / "deploy" / "grafana-dashboard.json"

COUNTED = (metrics.REQUESTS, metrics.REFUSALS, metrics.TASKS)
OF_PROMETHEUS = {"up": set()}
VALUES = {
    "call": {name for *_, name in counted.HOT} | {*counted.OTHERS.values(), "pages"},
    "code": {kind.code for kind in problems.STATUS},
    "part": {part for part, *_ in figures.PARTS},
    "setting": {"LEASE_SIGNING_KEYS"},
    "state": {"held", "failure", "success"},
}
SELECTOR = re.compile(r"\b(up|licensing_\w+)(?:\{([^}]*)\})?")
MATCHER = re.compile(r'(\w+)\s*(=~|!~|!=|=)\s*"([^"]*)"')


def labels_of_each():
    """The labels of each name that Prometheus knows of us."""
    names = {name: set(named.labels) for name, named in figures.NAMES.items()}
    for metric in COUNTED:
        for suffix in ("_total",) if metric is metrics.REFUSALS else ("_bucket", "_count", "_sum"):
            names[metric._name + suffix] = set(metric._labelnames)
    return names | OF_PROMETHEUS


def asked():
    """Every expression, of alerts and of the dashboard."""
    rules = yaml.safe_load(RULES.read_text())["groups"][0]["rules"]
    panels = json.loads(BOARD.read_text())["panels"]
    return [rule["expr"] for rule in rules] + [
        target["expr"] for panel in panels for target in panel["targets"]
    ]


def test_every_expression_asks_for_figures_labels_and_values_that_there_are():
    known = labels_of_each()

    for expression in asked():
        found = SELECTOR.findall(expression)
        assert found, expression
        for name, selector in found:
            assert name in known, expression
            for label, kind, value in MATCHER.findall(selector):
                assert label in known[name] | {"job"}, expression
                if label in VALUES and "=" in kind:
                    assert set(value.split("|")) <= VALUES[label], expression
        grouped = " ".join(re.findall(r"\bby \(([^)]*)\)", expression)).replace(",", " ").split()
        assert set(grouped) <= {"le"}.union(*(known[name] for name, _ in found)), expression


def test_the_dashboard_shows_every_figure_and_the_docs_tell_of_each():
    board, docs = BOARD.read_text(), (DOCS / "operations.md").read_text()

    for name in labels_of_each().keys() - {"licensing_request_seconds_sum"}:
        base = re.sub(r"_(bucket|count|sum)$", "", name)
        assert base in board, name
        assert name == "up" or f"`{base}`" in docs, name


@pytest.fixture
def promtool(tmp_path):
    """Prometheus' own word on a file of rules, which is told where the shipped rules are."""
    if not (program := shutil.which("promtool")):
        pytest.skip("promtool is not installed: apt-get install prometheus")
    shutil.copy(RULES, tmp_path)

    def ask(kind, file):
        told = subprocess.run([program, kind, "rules", file], capture_output=True, text=True)
        assert told.returncode == 0, told.stdout + told.stderr

    return ask


def test_promtool_takes_the_rules(promtool):
    promtool("check", RULES)


def test_promtool_takes_the_queries_of_the_dashboard(promtool, tmp_path):
    queries = [target["expr"] for panel in json.loads(BOARD.read_text())["panels"]
               for target in panel["targets"]]  # fmt: skip
    rules = [
        {"record": f"panel:{place}", "expr": re.sub(r"\$__\w+", "5m", query)}
        for place, query in enumerate(queries)
    ]
    file = tmp_path / "dashboard.yml"
    file.write_text(yaml.safe_dump({"groups": [{"name": "dashboard", "rules": rules}]}))

    promtool("check", file)


@pytest.mark.slow
def test_alerts_fire_when_they_are_to_and_not_before(promtool, tmp_path):
    promtool("test", shutil.copy(Path(__file__).parent / "alerts.yml", tmp_path))
