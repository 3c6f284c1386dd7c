"""The customer API: thin views over what the account's pages show."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from licensing import sessions
from licensing.api import parsers
from licensing.api.exchange import DocumentView, answer
from licensing.models import ClientSession
from licensing.numbers import number_in
from portal.api import answers, documents, lists, schema
from portal.api.authentication import actor, authorise, names_for
from portal.licences import rows as licence_rows
from portal.licences.rows import LicenceRow
from portal.models import ApiToken, Scope


class AccountView(DocumentView):
    """The account that a token belongs to."""

    @schema.account
    def get(self, request: HttpRequest) -> HttpResponse:
        """The account, and what the token may do: any token that works."""
        token = authorise(request)
        return answers.kept(request, documents.account_document(token, names_for(token)))


class LicencesView(DocumentView):
    """The account's licences."""

    @schema.licences
    def get(self, request: HttpRequest) -> HttpResponse:
        """Licences with their user limit and how much of it is taken."""
        return lists.LICENCES.answer(request)


class LicenceView(DocumentView):
    """One licence."""

    @schema.licence
    def get(self, request: HttpRequest, licence_id: str) -> HttpResponse:
        """One licence, with how much of it is taken."""
        token = authorise(request, Scope.LICENCES)
        found = token.account.licences.select_related("product").with_use()
        licence = get_object_or_404(found, pk=number_in(licence_id))
        licence_rows.add_features([licence])
        row = LicenceRow(licence=licence, in_use=licence.in_use)  # type: ignore[attr-defined]
        licence_rows.put_tags_on(token.account, [row])
        return answers.kept(request, documents.licence_document(row))


class KeysView(DocumentView):
    """The account's product keys."""

    @schema.keys
    def get(self, request: HttpRequest) -> HttpResponse:
        """Keys, masked: a product key is revealed on its page only."""
        return lists.KEYS.answer(request)


class SessionsView(DocumentView):
    """The account's sessions."""

    @schema.sessions
    def get(self, request: HttpRequest) -> HttpResponse:
        """Who is using a licence now; with `state=ended`, who did."""
        return lists.SESSIONS.answer(request)


class SessionView(DocumentView):
    """One session."""

    @schema.session
    def get(self, request: HttpRequest, session_id: str) -> HttpResponse:
        """One session, open or over."""
        token = authorise(request, Scope.SESSIONS)
        session = session_or_404(token, session_id)
        return answers.kept(request, documents.session_document(session, names_for(token)))


class ReleaseView(DocumentView):
    """Releasing a session."""

    @schema.release
    def post(self, request: HttpRequest, session_id: str) -> HttpResponse:
        """Free the seat at once. Asked again, or when it had ended, nothing more happens."""
        token = authorise(request, Scope.RELEASE)
        reason = parsers.read(request, documents.ReleaseRequest).reason or ""
        session = session_or_404(token, session_id)
        if sessions.release(session, by=actor(token), reason=reason):
            session = session_or_404(token, session_id)
        return answer(documents.session_document(session, names_for(token)))


def session_or_404(token: ApiToken, session_id: str) -> ClientSession:
    """The account's session with this id, its state, licence and key."""
    try:
        named = uuid.UUID(session_id)
    except ValueError:
        raise Http404 from None
    found: Any = ClientSession.every.filter(account=token.account).with_state()
    session: ClientSession = get_object_or_404(found.select_related("licence", "key"), pk=named)
    return session


class DenialsView(DocumentView):
    """The account's denials."""

    @schema.denials
    def get(self, request: HttpRequest) -> HttpResponse:
        """Who was refused a licence, and why."""
        return lists.DENIALS.answer(request)


class UsageView(DocumentView):
    """The use of the account's licences."""

    @schema.usage
    def get(self, request: HttpRequest) -> HttpResponse:
        """How much licences were used, hour by hour: `start` and `licence` name a row."""
        return lists.USAGE.answer(request)


class AuditView(DocumentView):
    """The account's audit log."""

    @schema.audit
    def get(self, request: HttpRequest) -> HttpResponse:
        """What was changed, and by whom."""
        return lists.AUDIT.answer(request)


class PeopleView(DocumentView):
    """The account's people."""

    @schema.people
    def get(self, request: HttpRequest) -> HttpResponse:
        """Who signs in for the account, and their roles."""
        return lists.PEOPLE.answer(request)
