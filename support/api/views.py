"""The vendor's API: thin views over what staff read and do in the console."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from licensing.api.exchange import DocumentView
from support.api import asked, reading, schema, writing


class AccountsView(DocumentView):
    """Customers' accounts."""

    @schema.accounts
    def get(self, request: HttpRequest) -> HttpResponse:
        """Accounts, by name or by what the shop or CRM calls them."""
        return reading.accounts(request)

    @schema.open_account
    def post(self, request: HttpRequest) -> HttpResponse:
        """Open an account and invite its first owner."""
        return writing.open_account(request)


class AccountView(DocumentView):
    """One account."""

    @schema.account
    def get(self, request: HttpRequest, account_id: str) -> HttpResponse:
        """One account, with its owners."""
        return reading.account(request, account_id)


class LicencesView(DocumentView):
    """An account's licences."""

    @schema.licences
    def get(self, request: HttpRequest, account_id: str) -> HttpResponse:
        """Licences with their seats, terms, features, keys and orders."""
        return reading.licences(request, account_id)

    @schema.sell
    def post(self, request: HttpRequest, account_id: str) -> HttpResponse:
        """Sell the account a licence."""
        return writing.sell(request, account_id)


class TemplatesView(DocumentView):
    """Licence templates."""

    @schema.templates
    def get(self, request: HttpRequest) -> HttpResponse:
        """Those that are on sale."""
        return reading.templates(request)


class LicenceView(DocumentView):
    """One licence."""

    @schema.licence
    def get(self, request: HttpRequest, licence_id: str) -> HttpResponse:
        """One licence, with its seats, term, features, keys and orders."""
        return reading.licence(request, licence_id)


class SeatsView(DocumentView):
    """The user limit of a licence."""

    @schema.seats
    def post(self, request: HttpRequest, licence_id: str) -> HttpResponse:
        """Change it, now or from a day on, as the order says."""
        return writing.change(request, licence_id, writing.SEATS, asked.NewSeats)


class EmergencySeatsView(DocumentView):
    """Emergency seats of a licence."""

    @schema.emergency_seats
    def post(self, request: HttpRequest, licence_id: str) -> HttpResponse:
        """Give some more for some hours."""
        return writing.change(request, licence_id, writing.EMERGENCY, asked.NewEmergencySeats)


class EndSeatsView(DocumentView):
    """Seats that are planned, or there for some hours."""

    @schema.end_seats
    def post(self, request: HttpRequest, planned_id: str) -> HttpResponse:
        """Cancel them before their day, or take them back now."""
        return writing.end_seats(request, planned_id)


class TermView(DocumentView):
    """The last day of a licence."""

    @schema.term
    def post(self, request: HttpRequest, licence_id: str) -> HttpResponse:
        """Change it, as the order says."""
        return writing.change(request, licence_id, writing.TERM, asked.NewTerm)


class SuspendView(DocumentView):
    """Suspending a licence."""

    @schema.suspend
    def post(self, request: HttpRequest, licence_id: str) -> HttpResponse:
        """Let nobody start the program until it is reinstated."""
        return writing.change(request, licence_id, writing.SUSPEND, asked.ForReason)


class ReinstateView(DocumentView):
    """Reinstating a licence."""

    @schema.reinstate
    def post(self, request: HttpRequest, licence_id: str) -> HttpResponse:
        """Let people start the program again."""
        return writing.change(request, licence_id, writing.REINSTATE, asked.ForReason)


class HandOverView(DocumentView):
    """Handing a key over to owners."""

    @schema.hand_over
    def post(self, request: HttpRequest, key_id: str) -> HttpResponse:
        """Mail those who may read it the way to it; the key is in no answer and no mail."""
        return writing.hand_over(request, key_id)
