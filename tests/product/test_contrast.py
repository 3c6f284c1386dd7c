"""Colours that stand on each other can be told apart (WCAG 2.2, 1.4.3 and 1.4.11)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

CSS = (Path(__file__).parents[2] / "static" / "styles" / "ground.css").read_text()
TONES = ("muted", "brand", "ok", "warn", "bad", "denied")
TEXT, CONTROL = 4.5, 3.0

PAIRS = [
    *((tone, ground, TEXT) for tone in ("ink", *TONES) for ground in ("card", "page")),
    *((tone, f"{tone}-tint", TEXT) for tone in TONES),
    ("on-brand", "brand", TEXT),
    *(("control", ground, CONTROL) for ground in ("card", "page")),
]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_can_be_read(theme):
    colours = tokens(theme)

    faint = {
        f"{ink} on {ground}": round(contrast(colours[ink], colours[ground]), 2)
        for ink, ground, wanted in PAIRS
        if contrast(colours[ink], colours[ground]) < wanted
    }

    assert faint == {}


def tokens(theme):
    """The colours of a theme by their names."""
    block = CSS.partition(f"[data-bs-theme={theme}] {{")[2].partition("}")[0]
    return dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", block))


def contrast(ink, ground):
    """The contrast ratio of two colours, 1 to 21 (WCAG 2.2, contrast ratio)."""
    darker, lighter = sorted((luminance(ink), luminance(ground)))
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour):
    """How bright a colour is, 0 to 1 (WCAG 2.2, relative luminance)."""
    shares = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares]
    return sum(
        weight * value for weight, value in zip((0.2126, 0.7152, 0.0722), linear, strict=True)
    )
