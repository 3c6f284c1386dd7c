"""What the web server's command line refuses."""

import subprocess
import sys


def test_a_port_that_is_none_is_told_in_a_sentence():
    words = ["--interface", "rsgi", "--port", "99999", "config.rsgi:application"]

    told = subprocess.run(
        [sys.executable, "-m", "config.serving", *words], capture_output=True, text=True
    )

    assert told.returncode == 2
    assert "Invalid value for '--port': 99999" in told.stderr
    assert "Traceback" not in told.stderr
