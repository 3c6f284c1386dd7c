"""Pages about the API, for the people who build clients."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from drf_spectacular.views import SpectacularSwaggerSplitView
from rest_framework.exceptions import MethodNotAllowed

from licensing.api import problems


def problem_of(error: Exception, context: dict[str, Any]) -> HttpResponse | None:
    """The problem document of what DRF refuses by itself; None for what is a mistake of ours."""
    if not isinstance(error, MethodNotAllowed):
        return None
    return problems.respond(context["request"], problems.MethodNotAllowed())


class DocsView(SpectacularSwaggerSplitView):
    """The API's documentation, to read and to try out."""

    template_name = "api/docs.html"


@login_not_required
@require_safe
def problem_list(request: HttpRequest) -> HttpResponse:
    """What each code means; problem documents point here."""
    kinds = [
        {
            "code": kind.code,
            "title": problems.title_of(kind),
            "status": status,
            "message": kind.message,
            "retryable": kind.retryable,
        }
        for kind, status in problems.STATUS.items()
    ]
    return render(request, "api/problems.html", {"problems": kinds})
