"""What the vendor's API tells."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from licensing.api.documents import Document
from licensing.models import Account, Licence
from licensing.numbers import number_in
from licensing.templates import on_sale
from portal.api import answers, queries
from portal.api.paging import BY_ID, page_of
from portal.api.queries import ListQuery
from support.api import documents
from support.api.asked import VendorAccountQuery, VendorLicenceQuery
from support.api.authentication import authorise
from support.models import VendorScope
from support.tokens import SEE_ACCOUNTS, SEE_LICENCES


@dataclass(frozen=True)
class VendorList[Query: ListQuery]:
    """A list for tokens that read, which may be asked what ``query`` says."""

    query: type[Query]
    narrowed: Callable[[QuerySet[Any], Query], QuerySet[Any]]
    document: Callable[[Any], Document]
    page: Callable[..., Document]

    def answer(self, request: HttpRequest, rows: QuerySet[Any]) -> HttpResponse:
        """The page that the address asks for."""
        query = queries.read(request, self.query)
        found = self.narrowed(rows, query)
        page, after = page_of(found, BY_ID, after=query.after, limit=query.limit)
        return answers.page(request, self.page, [self.document(row) for row in page], after)


def narrowed_accounts(rows: QuerySet[Account], query: VendorAccountQuery) -> QuerySet[Account]:
    """The accounts that were asked for."""
    if query.q:
        rows = rows.filter(name__holds=query.q)
    if query.external_reference:
        rows = rows.filter(customer_number__number=query.external_reference)
    return rows


def narrowed_licences(rows: QuerySet[Licence], query: VendorLicenceQuery) -> QuerySet[Licence]:
    """The licences that were asked for."""
    if query.order_reference:
        rows = rows.filter(order_references__reference=query.order_reference).distinct()
    return rows


ACCOUNTS = VendorList(
    VendorAccountQuery,
    narrowed_accounts,
    documents.account_document,
    documents.VendorAccountPage,
)
LICENCES = VendorList(
    VendorLicenceQuery,
    narrowed_licences,
    documents.licence_document,
    documents.VendorLicencePage,
)
TEMPLATES = VendorList(
    ListQuery,
    lambda rows, query: rows,
    documents.template_document,
    documents.VendorTemplatePage,
)


def templates(request: HttpRequest) -> HttpResponse:
    """The licence templates on sale."""
    authorise(request, VendorScope.READ, SEE_LICENCES)
    return TEMPLATES.answer(request, on_sale())


def accounts(request: HttpRequest) -> HttpResponse:
    """Accounts, by name or external reference."""
    authorise(request, VendorScope.READ, SEE_ACCOUNTS)
    return ACCOUNTS.answer(request, documents.accounts())


def account(request: HttpRequest, account_id: str) -> HttpResponse:
    """One account."""
    authorise(request, VendorScope.READ, SEE_ACCOUNTS)
    found = get_object_or_404(documents.accounts(), pk=number_in(account_id))
    return answers.kept(request, documents.account_document(found))


def licences(request: HttpRequest, account_id: str) -> HttpResponse:
    """An account's licences."""
    authorise(request, VendorScope.READ, SEE_LICENCES)
    account = get_object_or_404(Account, pk=number_in(account_id))
    return LICENCES.answer(request, documents.licences().filter(account=account))


def licence(request: HttpRequest, licence_id: str) -> HttpResponse:
    """One licence."""
    authorise(request, VendorScope.READ, SEE_LICENCES)
    found = get_object_or_404(documents.licences(), pk=number_in(licence_id))
    return answers.kept(request, documents.licence_document(found))
