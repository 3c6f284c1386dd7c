from __future__ import annotations

import pytest

from licensing.models import Licence


@pytest.mark.parametrize("state", ["suspended", "closed", "active"])
def test_changes_the_state(run, pool, state):
    answer = run("set_state", pool.serial_number, state, "--reason=Unpaid")

    assert answer == {"serial_number": pool.serial_number, "state": state}
    assert Licence.objects.get().state == state


def test_names_the_states_there_are(refusal, pool):
    said = refusal("set_state", pool.serial_number, "paused", "--reason=Unpaid")

    assert "invalid choice: 'paused'" in said
    assert "suspended" in said
