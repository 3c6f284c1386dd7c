"""What the preview says of the levels, held against the client's own reading of them."""

from __future__ import annotations

import dataclasses

from cloud_licence import policy
from portal.deployment import preview


def test_levels_stand_in_the_order_in_which_the_client_reads(deployment, for_users):
    """The client's own names of them say which hive and which key each is."""
    places = {
        policy.MACHINE_POLICY: ("HKEY_LOCAL_MACHINE", "Policies\\"),
        policy.USER_POLICY: ("HKEY_CURRENT_USER", "Policies\\"),
        policy.MACHINE_PREFERENCE: ("HKEY_LOCAL_MACHINE", ""),
        policy.OWN_ENTRY: ("HKEY_CURRENT_USER", ""),
    }

    shown = [level.key for level in preview.levels(deployment)]

    assert shown == [
        f"{hive}\\Software\\{policies}Elecosoft\\Powerproject\\Licensing"
        for hive, policies in (places[level] for level in policy.LEVELS)
    ]
    assert [level.is_written for level in preview.levels(deployment)] == [True, False, False, False]
    assert [level.is_written for level in preview.levels(for_users)] == [False, True, False, False]


def test_says_whether_a_key_that_people_typed_counts(deployment):
    allowed = dataclasses.replace(deployment, allow_user_entry=True)

    assert preview.levels(deployment)[3].says.startswith("A key does not count here")
    assert preview.levels(allowed)[3].says == "Counts where no level above has a key."


def test_every_value_is_either_written_or_left_open(deployment, for_users):
    for each in (deployment, for_users):
        written = [value.name for value in each.values()]
        left = [value.name for value in preview.left_open(each)]

        assert sorted(written + left) == sorted(policy.VALUES)
        assert {"TimeoutSeconds"} <= set(left)
