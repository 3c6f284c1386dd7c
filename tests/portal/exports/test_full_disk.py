"""Files for which there is no room."""

from __future__ import annotations

import io

from licensing.models import AuditEntry
from tests.portal.exports.files import UNCLOSED, export, no_room


def test_one_that_does_not_fit_is_told_at_once(owner, session):
    owner.raise_request_exception = False

    with no_room():
        response = export(owner)

    assert response.status_code == 503
    assert "There is no room for files just now" in response.text
    assert not AuditEntry.objects.filter(action="list_exported").exists()


@UNCLOSED
def test_an_upload_that_does_not_fit_is_told(owner, settings):
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 10
    owner.raise_request_exception = False

    with no_room():
        response = owner.post("/sessions/export/", {"file": io.BytesIO(b"x" * 1000)})

    assert response.status_code == 503
    assert "Nothing was saved or sent." in response.text
