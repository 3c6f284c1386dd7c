"""From a document to JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from rest_framework.renderers import BaseRenderer


class DocumentRenderer(BaseRenderer):
    """Writes documents as JSON, times as RFC 3339 in UTC."""

    media_type = "application/json"
    format = "json"
    charset = None

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> bytes:
        """The document in UTF-8; nothing for an answer without one."""
        return b"" if data is None else msgspec.json.encode(data)
