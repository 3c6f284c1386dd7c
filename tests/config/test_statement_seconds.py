"""The limit of statements, as each process takes it from its environment."""

import os
import subprocess
import sys

import pytest

SHOWN = "from config import settings; print(settings.DATABASE_SESSION['statement_timeout'])"


@pytest.mark.parametrize(
    ("is_pooled", "said", "milliseconds"),
    [("false", "", "60000"), ("true", "", "5000"), ("true", "20", "20000")],
)
@pytest.mark.slow
def test_a_command_through_a_pooler_wants_what_web_servers_want(is_pooled, said, milliseconds):
    changed = {"DATABASE_POOLED": is_pooled, "STATEMENT_SECONDS": said}

    shown = subprocess.check_output(
        [sys.executable, "-c", SHOWN], env=os.environ | changed, text=True
    )

    assert shown.strip() == milliseconds
