"""All files together."""

from __future__ import annotations

import hashlib
import io
import zipfile

from portal.deployment.files import bundle, files


def test_the_zip_holds_every_file_with_its_checksum(deployment):
    archive = zipfile.ZipFile(io.BytesIO(bundle(deployment)))

    contents = {name: archive.read(name) for name in archive.namelist()}
    sums = contents.pop("SHA256SUMS.txt").decode().splitlines()
    assert sums == [
        f"{hashlib.sha256(content).hexdigest()}  {name}" for name, content in contents.items()
    ]
    assert contents.keys() == {file.name for file in files(deployment)} | {"README.txt"}


def test_the_same_input_gives_the_same_zip(deployment):
    assert bundle(deployment) == bundle(deployment)


def test_each_file_says_who_runs_it_where_it_writes_and_how_to_undo_and_check_it(deployment):
    readme = zipfile.ZipFile(io.BytesIO(bundle(deployment))).read("README.txt").decode()

    for file in files(deployment):
        assert f"{file.name}\r\n  {file.does}\r\n  Run by: {file.run_by}\r\n" in readme
        assert f"  Writes: {file.writes}\r\n  Undo: {file.undo}\r\n" in readme
        assert f"  Check: {file.check}\r\n" in readme


def test_what_undoes_a_file_is_among_the_files(deployment, for_users):
    for wanted in (deployment, for_users):
        made = files(wanted)

        named = {file.undo for file in made if file.undo.endswith((".reg", ".ps1"))}
        assert named
        assert named <= {file.name for file in made}


def test_users_get_no_registry_file(for_users):
    """They may not write policies; what an administrator imports is the administrator's."""
    assert not [file.name for file in files(for_users) if file.name.endswith(".reg")]


def test_the_template_holds_no_secret(deployment):
    for file in files(deployment):
        if file.name.endswith(("admx", "adml")):
            assert deployment.product_key.encode() not in file.content


def test_a_name_in_quotes_survives_on_the_command_line(deployment):
    (line,) = [file for file in files(deployment) if file.name == "silent-install.txt"]

    assert 'CONTACTTEXT="Büro ""West""' in line.content.decode("utf-8-sig")
