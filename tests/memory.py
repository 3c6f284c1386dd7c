"""What was imported stays: nobody looks for rubbish in it again and again.

Django, the product and the tests are some million objects. Python's collector would walk through
them all every few tests, for a twelfth of what tests use of a processor.
"""

from __future__ import annotations

import gc

MADE_BETWEEN_TWO_LOOKS = 50_000
"""New objects, in place of Python's 2,000."""


def pytest_collection_finish() -> None:
    """Leave what is there now to itself."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(MADE_BETWEEN_TWO_LOOKS)


def pytest_unconfigure() -> None:
    """Look once more, for what pytest tells of at the end, and then leave all to itself.

    It has rubbish looked for five times, lest some hides behind some.
    """
    gc.collect()
    gc.freeze()
