"""Templates can be read: what lays them out cannot break a tag or a sentence by itself."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

TEMPLATES = Path(settings.BASE_DIR) / "templates"
LONGEST = 160


def test_no_line_is_longer_than_is_read_at_once():
    long = {
        f"{path.relative_to(TEMPLATES)}:{number}"
        for path in TEMPLATES.rglob("*.html")
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        if len(line) > LONGEST
    }

    assert long == set(), "sentences: {% blocktranslate trimmed %}; arguments: {% translate … as %}"
