"""A database without a fault."""

import copy

import pytest

from tests.prove.histories import DATABASE


@pytest.fixture
def database():
    return copy.deepcopy(DATABASE)
