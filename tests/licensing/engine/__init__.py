"""A state machine over the whole engine, and the model that it is compared with."""

import pytest

# Let what differs be told in full, as in test modules.
pytest.register_assert_rewrite(*(f"{__name__}.{part}" for part in ("estate", "desktops", "people")))
