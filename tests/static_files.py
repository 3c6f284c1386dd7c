"""The static files are looked for once in a process: each test client looked anew."""

from __future__ import annotations

from whitenoise.middleware import WhiteNoiseMiddleware

found: dict[str, object] = {}
"""The files by their URLs."""
look = WhiteNoiseMiddleware.add_files_from_finders


def add_what_was_found(middleware: WhiteNoiseMiddleware) -> None:
    """Let a new middleware serve what the first one found."""
    if not found:
        look(middleware)
        found.update(middleware.files)
    middleware.files.update(found)


def look_once() -> None:
    """Have all middleware from now on look once."""
    WhiteNoiseMiddleware.add_files_from_finders = add_what_was_found
