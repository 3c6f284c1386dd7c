"""The tables of the C++ library are those of the reference client."""

from __future__ import annotations

import runpy
import unicodedata

import pytest

from tests.client import cpp

TABLES = runpy.run_path(str(cpp.SOURCES / "tables.py"))


@pytest.mark.slow
def test_tables_are_up_to_date():
    """Else: ``python client/cpp/tables.py``."""
    written = TABLES["written"]()
    there = {name: (TABLES["HEADERS"] / name).read_text(encoding="utf-8") for name in written}

    assert there["tables.hpp"] == written["tables.hpp"]
    if unicodedata.unidata_version not in there["unicode_tables.hpp"]:
        pytest.skip("This Python knows another version of Unicode.")
    assert there == written
