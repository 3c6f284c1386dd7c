"""Exports of accounts, fetched by whom of the staff they were made for."""

from __future__ import annotations

from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from portal.exports import files, full
from portal.models import Export
from support.console.access import right_required


@require_safe
@right_required(files.MAY_EXPORT)
def download(request: HttpRequest, export_id: int) -> HttpResponseBase:
    """The file; 404 for everybody else, when its time is over, and where it could not be made."""
    mine = Export.objects.ended().filter(person=request.user.pk, listed=full.FULL)
    made = get_object_or_404(mine.select_related("account"), pk=export_id)
    if not made.file or not made.file.storage.exists(str(made.file.name)):
        raise Http404
    name = files.file_name(made.account, full.FULL, full.ENDING, made.created_at)
    return FileResponse(made.file.open(), as_attachment=True, filename=name)
