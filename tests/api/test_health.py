"""/healthz and /readyz: what restarts processes and balances load asks."""

from __future__ import annotations

import pytest
from django.db.migrations.recorder import MigrationRecorder


def test_a_process_that_answers_is_alive(client):
    response = client.get("/healthz")

    assert (response.status_code, response.json()) == (200, {"status": "alive"})


@pytest.mark.django_db
def test_with_a_migrated_database_it_is_ready(client):
    response = client.get("/readyz")

    assert (response.status_code, response.json()) == (200, {"status": "ready"})


@pytest.mark.django_db
def test_with_a_migration_to_come_it_is_not(client):
    MigrationRecorder.Migration.objects.filter(app="licensing").latest("pk").delete()

    response = client.get("/readyz")

    assert (response.status_code, response.json()["code"]) == (503, "service_unavailable")
    assert response.headers["Retry-After"] == "10"


@pytest.mark.django_db
def test_head_is_enough(client):
    assert client.head("/readyz").status_code == 200
