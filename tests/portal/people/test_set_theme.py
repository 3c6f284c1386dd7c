"""Choosing a theme."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    ("wanted", "kept"), [("dark", "dark"), ("light", "light"), ("auto", "auto"), ("pink", "auto")]
)
def test_is_kept_in_a_cookie(owner, wanted, kept):
    response = owner.post("/theme/", {"theme": wanted, "next": "/sessions/"})

    assert response["Location"] == "/sessions/"
    assert owner.cookies["theme"].value == kept


def test_is_on_the_next_page(owner):
    owner.post("/theme/", {"theme": "dark"})

    assert 'data-theme="dark" data-bs-theme="dark"' in owner.get("/").text
