"""Which static files are kept compressed, too."""

from __future__ import annotations

from whitenoise.compress import Compressor


def test_what_pages_ask_for_is_compressed_and_nothing_else(settings):
    compressor = Compressor(extensions=settings.WHITENOISE_SKIP_COMPRESS_EXTENSIONS)
    names = ("tables.css", "form.js", "icons.svg", "form.js.map", "icons.woff2", "logo.png")

    compressed = [name for name in names if compressor.should_compress(name)]

    assert compressed == ["tables.css", "form.js", "icons.svg"]
