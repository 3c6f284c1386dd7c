"""The lists of the customer API: what each needs, may be asked, and tells.

Its address and its description read it; ``listings`` finds the rows.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse

from licensing import standby
from licensing.api.documents import Document
from licensing.models import Account
from portal.api import answers, documents, listings, pages, queries, use_documents
from portal.api.authentication import authorise, names_for
from portal.api.queries import ListQuery
from portal.models import Scope
from portal.words.aliases import Names


@dataclass(frozen=True)
class ApiList[Query: ListQuery, Row]:
    """A list for tokens of a ``scope``, which may be asked what ``query`` says.

    ``find`` gives the rows of a page and the cursor of the next or "", ``document`` tells
    one of them, ``page`` all.
    """

    scope: Scope
    query: type[Query]
    find: Callable[[Account, Query, Names], tuple[list[Row], str]]
    document: Callable[[Row, Names], Document]
    page: Callable[..., Document]

    def answer(self, request: HttpRequest) -> HttpResponse:
        """The page that the address asks for."""
        token = authorise(request, self.scope)
        names, query = names_for(token), queries.read(request, self.query)

        def page() -> HttpResponse:
            rows, after = self.find(token.account, query, names)
            data = [self.document(row, names) for row in rows]
            return answers.page(request, self.page, data, after)

        return page() if token.may(Scope.RELEASE) else standby.read(page)


LICENCES = ApiList(
    Scope.LICENCES,
    queries.LicenceQuery,
    listings.licences,
    lambda row, names: documents.licence_document(row),
    pages.LicencePage,
)
KEYS = ApiList(
    Scope.LICENCES,
    queries.KeyQuery,
    lambda account, query, names: listings.keys(account, query),
    lambda key, names: documents.key_document(key),
    pages.KeyPage,
)
SESSIONS = ApiList(
    Scope.SESSIONS,
    queries.SessionQuery,
    listings.sessions,
    documents.session_document,
    pages.SessionPage,
)
DENIALS = ApiList(
    Scope.USAGE,
    queries.DenialQuery,
    listings.denials,
    documents.denial_document,
    pages.DenialPage,
)
USAGE = ApiList(
    Scope.USAGE,
    queries.UseQuery,
    lambda account, query, names: listings.usage(account, query),
    lambda found, names: use_documents.use_document(found),
    pages.UsePage,
)
AUDIT = ApiList(
    Scope.AUDIT,
    queries.AuditQuery,
    listings.audit,
    documents.audit_document,
    pages.AuditPage,
)
PEOPLE = ApiList(
    Scope.PEOPLE,
    queries.PeopleQuery,
    lambda account, query, names: listings.people(account, query),
    lambda membership, names: documents.person_document(membership),
    pages.PersonPage,
)
