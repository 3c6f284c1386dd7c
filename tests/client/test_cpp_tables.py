"""The tables of the C++ library are those of the reference client."""

from __future__ import annotations

import runpy
import unicodedata

import pytest

from tests.client import cpp

TABLES = runpy.run_path(str(cpp.SOURCES / "tables.py"))


@pytest.mark.parametrize("name", ["tables.hpp", "unicode_tables.hpp"])
def test_tables_are_up_to_date(name):
    """Else: ``python client/cpp/tables.py``."""
    text = (TABLES["HEADERS"] / name).read_text(encoding="utf-8")
    if unicodedata.unidata_version not in text and "Unicode" in name.title():
        pytest.skip("This Python knows another version of Unicode.")

    assert text == TABLES["written"]()[name]
