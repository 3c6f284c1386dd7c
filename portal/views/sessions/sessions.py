"""Sessions: who is using a licence now, and releasing a seat."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from licensing import sessions as client_sessions
from licensing import standby
from licensing.errors import LicensingError
from licensing.models import ClientSession
from portal.acts import ReasonForm, reason_field
from portal.licences.query import licences_to_choose
from portal.lists import columns
from portal.lists.columns import layout
from portal.models import Role
from portal.people import profiles
from portal.people.members import whom_to_ask
from portal.sent import page_marks
from portal.sessions import releases, story
from portal.sessions.active import SessionList
from portal.sessions.listed import SESSIONS
from portal.views.access import AccountRequest, may_manage, role_required, sees_as_manager
from portal.views.redirects import came_from, next_address, page_of, with_next
from portal.words.aliases import names_for

OTHERS = 10


class ReleaseForm(ReasonForm):
    """Why a seat is released; may be left empty."""

    reason = reason_field(required=False)


@require_safe
@role_required(SESSIONS.role)
@standby.answers
def sessions(request: AccountRequest) -> HttpResponse:
    """Everybody who is using a licence of the account now."""
    context = list_context(request, request.GET)
    context["licences"] = licences_to_choose(request.account, context["list"].licence)
    if not sees_as_manager(request):
        context["whom_to_ask"] = whom_to_ask(request.account)
    return render(request, "portal/sessions/sessions.html", context)


@require_safe
@role_required(SESSIONS.role)
@standby.answers
def rows(request: AccountRequest) -> HttpResponse:
    """The parts of the list that change: 204 when nothing has since version ``v``.

    Of rows whose digests the page says that it has, in ``have``, their places alone.
    """
    asked = request.GET.copy()
    version, have = ("".join(asked.pop(name, [])[-1:]) for name in ("v", "have"))
    request.GET = asked  # type: ignore[assignment]  # links of the answer are the page's
    context = list_context(request, asked) | {"have": frozenset(have.split("."))}
    if version == context["list"].version:
        return HttpResponse(status=204)
    return render(request, "portal/sessions/sessions.html#rows", context)


def list_context(request: AccountRequest, parameters: QueryDict) -> dict[str, Any]:
    """What the list's template prints; its queries run when it does."""
    listed = SessionList(request.account, parameters, names_for(request.membership))
    address, query = reverse("portal:sessions"), listed.query_with()
    here = f"{address}?{query}" if query else address
    kind = "ended" if listed.shows_ended else "active"
    shown = layout(SESSIONS.table, request, of=kind)
    rows_url = reverse("portal:session_rows", query={columns.PINNED: shown.asked_for})
    return {
        "list": listed,
        "layout": shown,
        "rows_url": rows_url,
        "here": here,
        "bulk_url": f"{reverse('portal:release_sessions')}?{query}",
        "export_url": f"{reverse('portal:export_sessions')}?{query}",
        "can_manage": may_manage(request),
        "can_choose": may_manage(request) and not listed.shows_ended,
        "have": frozenset(),
    }


@require_safe
@role_required(Role.VIEWER)
def session(request: AccountRequest, session_id: uuid.UUID) -> HttpResponse:
    """One session, open or over: details, the same person's others, a release with a reason.

    Its story alone for the drawer beside a list.
    """
    is_for_drawer = request.headers.get(page_marks.FOR_A_SCRIPT) == "drawer"
    part = "#drawer" if is_for_drawer else ""
    template = f"portal/sessions/session.html{part}"
    return render(request, template, detail_context(request, session_id))


def detail_context(
    request: AccountRequest, session_id: uuid.UUID, form: ReleaseForm | None = None
) -> dict[str, Any]:
    """What the page of one session prints."""
    related = (
        ClientSession.every.filter(account=request.account)
        .with_state()
        .select_related("licence__product", "key")
    )
    session = get_object_or_404(related, pk=session_id)
    can_manage = may_manage(request)
    same_person = request.account.sessions.active().with_state().select_related("licence")
    others = same_person.filter(person=session.person).exclude(pk=session.pk)[:OTHERS]
    names = names_for(request.membership)
    names.put_on([session])
    back = came_from(request)
    return {
        "session": session,
        "came_from": back,
        "session_url": with_next(reverse("portal:session", args=[session.pk]), back),
        "block_url": with_next(reverse("portal:block_session", args=[session.pk]), back),
        "ending": releases.already_over(session) if session.ended_at else "",
        "how_it_ended": story.how_it_ended(session),
        "steps": story.steps(session),
        "others": names.put_on(others),
        "denials": story.denials_today(session, names),
        "for_ticket": story.for_ticket(session),
        "form": form or ReleaseForm(),
        "can_manage": can_manage,
        "whom_to_ask": "" if sees_as_manager(request) else whom_to_ask(request.account),
    }


def session_or_404(request: AccountRequest, session_id: uuid.UUID) -> ClientSession:
    """The account's session with this id and its licence."""
    of_account = ClientSession.every.filter(account=request.account)
    return get_object_or_404(of_account.select_related("licence"), pk=session_id)


@require_POST
@role_required(Role.MANAGER)
def release_session(request: AccountRequest, session_id: uuid.UUID) -> HttpResponse:
    """Free the seat at once and say what becomes of the person at the PC."""
    form = ReleaseForm(request.POST)
    if not form.is_valid():
        context = detail_context(request, session_id, form)
        return render(request, "portal/sessions/session.html", context, status=422)

    session = session_or_404(request, session_id)
    reason = form.cleaned_data["reason"]
    if not client_sessions.release(session, by=request.user.as_actor, reason=reason):
        return answer_release(request, session, messages.INFO, releases.already_over(session))
    text = releases.released(session, is_first=profiles.learns_of_release(request.user))
    can_undo = releases.can_be_put_back(session)
    if not can_undo:
        text = f"{text} {releases.stays_released()}"
    return answer_release(
        request, session, messages.SUCCESS, text, is_released=True, can_undo=can_undo
    )


def answer_release(
    request: AccountRequest,
    session: ClientSession,
    level: int,
    text: str,
    *,
    is_released: bool = False,
    can_undo: bool = False,
) -> HttpResponse:
    """The words in place for a script, else a message on the page that the person came from.

    What ``is_released`` is told as such, with the way to block the person, and ``can_undo`` for a
    moment if its seat is free.
    """
    if page_marks.is_fragment(request):
        toast = {
            "tone": messages.DEFAULT_TAGS[level],
            "text": text,
            "toast_id": f"released-{session.pk}",
            "released": session.pk if is_released else "",
            "can_undo": can_undo,
            "person": session.username,
            "next": page_of(request),
        }
        return render(request, "portal/sessions/released.html", toast)
    may = "undo" if can_undo else "block"
    tags = f"{may} {session.pk} {session.username}" if is_released else ""
    messages.add_message(request, level, text, extra_tags=tags)
    return redirect(next_address(request, "portal:sessions"))


@require_POST
@role_required(Role.MANAGER)
def undo_release(request: AccountRequest, session_id: uuid.UUID) -> HttpResponse:
    """Put a session back that was released a moment ago, if its seat is still free."""
    session = session_or_404(request, session_id)
    address = next_address(request, "portal:sessions")
    try:
        client_sessions.undo_release(session, by=request.user.as_actor)
    except LicensingError as refusal:
        messages.warning(request, releases.not_put_back(session, refusal))
        return redirect(f"{address.partition('#')[0]}#main")  # what is read next has the focus
    messages.success(request, releases.put_back(session))
    return redirect(f"{address.partition('#')[0]}#release-{session.pk}")  # it gets the focus
