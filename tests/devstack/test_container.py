"""The image of a release, built and run as it is meant to be: ``make container``, in minutes.

CONTAINER_BUILD and CONTAINER_RUN are more options of the builder's ``build`` and ``run``, such as
``--build-arg PYTHON=...`` where no registry is in reach.
"""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess

import pytest

from config import VERSION
from devstack import demo, ports, processes, secrets
from devstack.postgres import Postgres
from devstack.processes import ROOT
from devstack.valkey import Valkey
from tests.devstack import wheels

IMAGE = "licensing-portal-test"
PORT = 8000
"""As the image's own health check asks."""
LOCKED_UP = [
    "--rm", "--network=host", "--read-only", "--tmpfs=/tmp", "--cap-drop=ALL",
    "--security-opt=no-new-privileges", f"--volume={IMAGE}:/var/lib/licensing",
]  # fmt: skip
WRITES = "id -u; touch /var/lib/licensing/file && touch /tmp/file && ! touch /srv/file"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        "CONTAINER_BUILD" not in os.environ, reason="an image is built by `make container`: minutes"
    ),
]


def options(name):
    """What the caller adds."""
    return shlex.split(os.environ.get(name, ""))


@pytest.fixture(scope="module")
def builder():
    """What builds images and runs them here."""
    for name in ("podman", "docker"):
        if (
            shutil.which(name)
            and not subprocess.run([name, "info"], capture_output=True).returncode
        ):
            return name
    pytest.skip("neither podman nor docker is at work here")


@pytest.fixture(scope="module")
def image(builder, tmp_path_factory):
    """The image, as the builder describes it."""
    folder = tmp_path_factory.mktemp("image")
    (folder / "dist").mkdir()
    wheels.built_in(folder / "dist")
    shutil.copy(ROOT / "requirements/production.txt", folder / "dist/requirements.txt")
    for name in ("Containerfile", ".env.example", ".dockerignore"):
        shutil.copy(ROOT / name, folder)
    kind = ["--format=docker"] if builder == "podman" else []
    build = [builder, "build", *kind, *options("CONTAINER_BUILD"), "--tag", IMAGE]
    built = subprocess.run(
        [*build, "--file", "Containerfile", "."], cwd=folder, capture_output=True, text=True
    )
    assert built.returncode == 0, built.stderr
    [described] = json.loads(subprocess.check_output([builder, "image", "inspect", IMAGE]))
    return described


@pytest.fixture
def run(builder, image, tmp_path):
    """The command line that runs the image, beside servers of its own."""
    with Postgres(tmp_path) as postgres, Valkey(tmp_path) as valkey:
        settings = secrets.generate() | {
            "ALLOWED_HOSTS": "127.0.0.1,licensing.example.com",
            "BASE_URL": "https://licensing.example.com",
            "DATABASE_URL": postgres.url,
            "DEFAULT_FROM_EMAIL": "licences@example.com",
            "MAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "MAIL_OPTIONS": '{"host": "127.0.0.1"}',
            "REDIS_URL": valkey.url,
        }
        words = [f"--env={name}={value}" for name, value in settings.items()]
        yield [builder, "run", *LOCKED_UP, *options("CONTAINER_RUN"), *words]
    subprocess.run([builder, "volume", "rm", "--force", IMAGE], capture_output=True)


def test_it_runs_with_nothing_that_it_may_write_and_says_that_it_is_alive(builder, image, run):
    if not ports.is_free(PORT):
        pytest.skip(f"something else answers at port {PORT}")
    assert subprocess.check_output([*run, IMAGE, "--version"], text=True).strip() == VERSION
    subprocess.run([*run, IMAGE, "migrate"], check=True)

    web = processes.spawn([*run, f"--name={IMAGE}", IMAGE])
    try:
        assert processes.wait_until(lambda: demo.readiness(PORT) == "200", seconds=120)
        inside = [builder, "exec", IMAGE]
        subprocess.run([*inside, *health_check(image)], check=True)
        written = subprocess.check_output([*inside, "sh", "-c", WRITES], text=True)
        assert int(written) > 0
        subprocess.run([builder, "stop", IMAGE], check=True)
        assert web.wait(30) == 0
    finally:
        subprocess.run([builder, "rm", "--force", IMAGE], capture_output=True)
        processes.stop(web)


def health_check(image):
    """The command by which the image says whether it is alive."""
    told = image.get("HealthCheck") or image.get("Healthcheck") or image["Config"]["Healthcheck"]
    kind, *command = told["Test"]
    assert kind == "CMD"
    return command
