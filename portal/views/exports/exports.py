"""Lists as files: made at once, or fetched from the link in a mail."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from portal.exports import files
from portal.exports.spreadsheets import WRITERS
from portal.listings import LISTINGS
from portal.lists.ticked import asked
from portal.models import Role
from portal.sent.forms import once
from portal.views.access import AccountRequest, role_required
from portal.views.redirects import next_address


@require_POST
@role_required(Role.VIEWER)
def export(request: AccountRequest, listed: str) -> HttpResponseBase:
    """What the view shows, all pages of it, as a file; a long one comes by mail."""
    listing, parameters = LISTINGS[listed], asked(request)
    if not request.membership.allows(listing.role):
        raise PermissionDenied(listing.role)
    kind = request.POST.get("format", "")
    if kind not in WRITERS:
        raise Http404
    rows = files.count(files.rows_of(listed, request.membership, parameters))
    if rows > files.MOST_AT_ONCE:
        return order(request, listed, kind, parameters, rows)
    file, _rows = files.make(listed, kind, request.membership, parameters)
    name = files.file_name(request.account, listed, kind, timezone.now())
    return FileResponse(file, as_attachment=True, filename=name)


@once
def order(
    request: AccountRequest, listed: str, kind: str, parameters: QueryDict, rows: int
) -> HttpResponse:
    """Have it made in the background and say how it comes."""
    files.order(listed, kind, request.membership, parameters)
    text = ngettext(
        "This is %(rows)s row. We are preparing the file and will send a link to %(email)s.",
        "These are %(rows)s rows. We are preparing the file and will send a link to %(email)s.",
        rows,
    ) % {"rows": rows, "email": request.user.email}
    messages.info(request, text)
    return redirect(next_address(request, "portal:home"))


@require_safe
@role_required(Role.VIEWER)
def download_export(request: AccountRequest, export_id: int) -> HttpResponseBase:
    """A file that was made for this person; 404 for everybody else and when its time is over.

    One that could not be made says so, and leads back to the list.
    """
    ended = request.account.exports.ended().filter(person=request.user)
    made = get_object_or_404(ended, pk=export_id)
    if made.failed_at or not made.file or not made.file.storage.exists(str(made.file.name)):
        return render(request, "portal/exports/failed.html", {"export": made}, status=410)
    name = files.file_name(request.account, made.listed, made.format, made.created_at)
    return FileResponse(made.file.open(), as_attachment=True, filename=name)
