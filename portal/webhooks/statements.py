"""The SQL that changes many messages at once, each in its own way: Django writes a case for each
value, and that takes longer than all else that is done for a message."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from django.db import connection

TRY = """
    UPDATE portal_webhookdelivery AS delivery
    SET tries = told.tries, tried_at = told.tried_at, body = told.body
    FROM json_to_recordset(%s::json) AS told (
        id bigint, tries smallint, tried_at timestamptz, body text
    )
    WHERE delivery.id = told.id
"""
NOTE = """
    UPDATE portal_webhookdelivery AS delivery
    SET state = told.state, settled_at = told.settled_at, due_at = told.due_at,
        status = told.status, trouble = told.trouble, answer = told.answer, took = told.took
    FROM json_to_recordset(%s::json) AS told (
        id bigint, state varchar, settled_at timestamptz, due_at timestamptz,
        status smallint, trouble varchar, answer text, took interval
    )
    WHERE delivery.id = told.id AND delivery.state = 'waiting'
"""


def change(statement: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Change these rows, each as it says."""
    with connection.cursor() as cursor:
        cursor.execute(statement, [msgspec.json.encode(rows).decode()])
