import os
import subprocess
import sys

import pytest

from devstack.data_dir import DataDir, InUse
from devstack.errors import StackError

HOLD_UNTIL_KILLED = """
import sys, time
from pathlib import Path
from devstack.data_dir import DataDir

data_dir = DataDir(Path(sys.argv[1]))
with data_dir.claimed("make demo"):
    data_dir.publish({"DATABASE_URL": "postgres://theirs"})
    print("claimed", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def data_dir(tmp_path):
    return DataDir(tmp_path / "data")


@pytest.fixture
def other_process(data_dir):
    """A process that has claimed the folder."""
    command = [sys.executable, "-c", HOLD_UNTIL_KILLED, data_dir.path]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        process.stdout.readline()
        yield process
        process.kill()


def test_is_readable_by_its_owner_only(data_dir):
    assert data_dir.path.stat().st_mode & 0o777 == 0o700


def test_is_refused_while_another_process_has_it(data_dir, other_process):
    sentence = rf"is in use by `make demo` \(process {other_process.pid}\)"

    with pytest.raises(InUse, match=sentence), data_dir.claimed("make manage check"):
        pass


def test_is_free_again_once_its_holder_was_killed(data_dir, other_process):
    other_process.kill()
    other_process.wait()

    with data_dir.claimed("make demo"):
        assert data_dir.published_by(other_process.pid) is None


def test_tells_where_the_servers_of_its_holder_are(data_dir, other_process):
    assert data_dir.published_by(other_process.pid) == {"DATABASE_URL": "postgres://theirs"}


def test_what_another_process_published_is_not_its_holders(data_dir, other_process):
    assert data_dir.published_by(os.getpid()) is None


def test_what_is_published_can_be_read_by_its_owner_only_and_is_taken_back(data_dir):
    with data_dir.claimed("make demo"):
        data_dir.publish({"DATABASE_URL": "postgres://ours"})
        assert (data_dir.path / "runtime.json").stat().st_mode & 0o777 == 0o600

    assert not (data_dir.path / "runtime.json").exists()


def test_a_folder_that_cannot_be_made_is_explained(tmp_path):
    (tmp_path / "file").touch()

    with pytest.raises(StackError, match="cannot be made"):
        DataDir(tmp_path / "file" / "data")
