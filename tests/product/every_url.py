"""Every URL of the product, read from the resolver, and who gets what there."""

from __future__ import annotations

import contextlib
import copy
import re
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass

from django.core.cache import cache
from django.db import transaction
from django.urls import URLPattern, get_resolver

from portal.sent import page_marks

METHODS = ("GET", "POST", "DELETE")
SAY_IT_FOR_ALL = ("nobody", "owner")
NOT_ASKED = "."
ALIKE = re.compile(r"^admin:(?!login)\w+_(changelist|add|history|delete|change)$")
CONVERTER = re.compile(r"<(?:\w+:)?(\w+)>")
GROUP = re.compile(r"\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)")
WORDS = {200: "ok", 204: "ok", 400: "bad", 403: "no", 404: "--", 405: "x", 422: "bad"}
WITH_A_ROLE = ("viewer", "manager", "stranger")
SIGN_IN = ("/accounts/login/", "/admin/login/")


@dataclass(frozen=True)
class Address:
    """A URL's name in the table, its path with ``<names>`` of what it needs, and its view."""

    name: str
    path: str
    view: Callable

    def of(self, values):
        """The path with values in it; a KeyError asks for a value of a new kind."""

        def value(match):
            name = match[1]
            return str(values.get(f"{self.name} {name}") or values[name])

        return CONVERTER.sub(value, self.path)


def every_address(resolver=None, namespace="", prefix=""):
    """Each URL pattern of the product."""
    for pattern in (resolver or get_resolver()).url_patterns:
        path = prefix + plain(str(pattern.pattern))
        if isinstance(pattern, URLPattern):
            yield Address(row_of(namespace, pattern.name, path), "/" + path, pattern.callback)
        else:
            below = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from every_address(pattern, below, path)


def plain(route):
    """A route without the signs of a regular expression."""
    return GROUP.sub(r"<\1>", route).removeprefix("^").removesuffix("$")


def row_of(namespace, name, path):
    """The name of a URL's row: the admin's pages of all tables share theirs."""
    if name is None:
        return f"{namespace}(unnamed)"
    return ALIKE.sub(r"admin:*_\1", namespace + name)


@contextlib.contextmanager
def rolled_back():
    """What happens within has not happened afterwards."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def response_to(browser, method, path, **sent):
    """The answer to somebody, with no trace of the request left."""
    cache.clear()  # no rate limit answers for the page
    cookies, browser.cookies = browser.cookies, copy.copy(browser.cookies)
    with rolled_back():
        response = browser.generic(method, path, **sent)
    browser.cookies = cookies
    return response


def in_a_word(response):
    """What somebody was answered."""
    if response.status_code in (301, 302, 303):
        return "in" if response["Location"].startswith(SIGN_IN) else "go"
    return WORDS.get(response.status_code, str(response.status_code))


def methods_of(row, person):
    """How somebody asks there; the admin's pages of all tables are many and alike: only by GET.

    DELETE is refused before anybody is looked at, so that two people say it for all.
    """
    if not is_asked(row, person):
        return ()
    if row.startswith("admin:*"):
        return METHODS[:1]
    return METHODS if person in SAY_IT_FOR_ALL else METHODS[:2]


def is_asked(row, person):
    """Whether somebody asks there: an owner is to the vendor's like all who are no staff."""
    return not row.startswith(("admin:", "support:")) or person in (*SAY_IT_FOR_ALL, "support")


def responses(people, values):
    """The answer to each of the people at each URL by each method.

    Where the owner is told that there is no such method, others are not asked: it is said before
    anybody is looked at (``test_decorators.py``). Nor where others get what the owner gets. Who is
    no staff is asked to sign in by the admin, at the first of its pages that are alike.
    """
    asked = set()
    marks = {name: browser.mark() for name, browser in people.items() if hasattr(browser, "mark")}
    owner_first = sorted(people, key=lambda person: person != "owner")
    for address in every_address():
        path, owners = address.of(values), {}
        for person in owner_first:
            if person == "owner" and address.name.startswith("admin:*") and address.name in asked:
                continue
            mark = {page_marks.HEADER: marks[person]} if person in marks else {}
            for method in methods_of(address.name, person):
                sent = {} if method == "GET" else mark
                if person in SAY_IT_FOR_ALL or not is_answered(address, person, owners.get(method)):
                    response = response_to(people[person], method, path, **sent)
                else:
                    response = owners[method]
                if person == "owner":
                    owners[method] = response
                yield address, person, method, response
        asked.add(address.name)


def is_answered(address, person, owners):
    """Whether somebody gets there what the owner got, so that they are not asked.

    Where an address names nothing, the owner of another account is the owner of an account, and
    the pages of allauth know no roles.
    """
    is_refused = owners is not None and owners.status_code == 405
    knows_no_role = address.view.__module__.startswith("allauth.") and person in WITH_A_ROLE
    return is_refused or knows_no_role or (person == "stranger" and "<" not in address.path)


def measured(people, values, look=lambda address, person, method, response: None):
    """What each of the people gets at each URL by each method: {row: {person: cell}}.

    ``look`` is shown each answer.
    """
    seen = defaultdict(lambda: defaultdict(lambda: defaultdict(set)))
    for address, person, method, response in responses(people, values):
        seen[address.name][person][method].add(in_a_word(response))
        look(address, person, method, response)
    return {
        row: {person: cell(by_person[person]) for person in people}
        for row, by_person in sorted(seen.items())
    }


def cell(answers):
    """What somebody gets, such as ok/x/x: by GET, by POST, by DELETE."""
    return "/".join("|".join(sorted(words)) for words in answers.values()) or NOT_ASKED


def as_lines(table, people):
    """The table as it is written: a line for each row."""
    widths = [max(len(row[person]) for row in table.values()) for person in people]
    name = max(map(len, table))
    return [
        "  ".join(
            [row.ljust(name), *(cells[p].ljust(w) for p, w in zip(people, widths, strict=True))]
        ).rstrip()
        for row, cells in table.items()
    ]


def read_table(text, people):
    """The written table, without its head."""
    rows = [line.split() for line in text.splitlines() if line and not line.startswith("#")]
    return {row: dict(zip(people, cells, strict=True)) for row, *cells in rows}
