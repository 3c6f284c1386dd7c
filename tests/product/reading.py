"""What a page reads of a request: views are watched, so a new parameter is known by itself."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from urllib.parse import parse_qsl, urljoin, urlsplit

from django.core.handlers import wsgi
from django.http import QueryDict, request
from lxml import html


class Watched(QueryDict):
    """A query or a form that notes the names of what is looked up in it."""

    names: set[str] = set()

    def __getitem__(self, key):
        self.names.add(key)
        return super().__getitem__(key)

    def _getlist(self, key, default=None, force_list=False):
        self.names.add(key)
        return super()._getlist(key, default, force_list)

    def __contains__(self, key):
        self.names.add(key)
        return super().__contains__(key)


@dataclass
class Form:
    """A form of a page: where it goes, and what it sends when nobody fills anything in."""

    action: str
    method: str
    fields: dict[str, list[str]]


def watch(monkeypatch):
    """From now on every request's query and form is watched."""
    for module in (wsgi, request):
        monkeypatch.setattr(module, "QueryDict", Watched)


def read_by(ask):
    """The parameters that a request reads or that its page's links name, and the page's forms."""
    Watched.names = set()
    response = ask()
    text = response.getvalue().decode(errors="replace")
    if not text or not response.headers.get("Content-Type", "").startswith("text/html"):
        return Watched.names, []
    path, query = response.request["PATH_INFO"], response.request["QUERY_STRING"]
    tree = html.document_fromstring(text)
    forms = [
        Form(urljoin(f"{path}?{query}", form.get("action", "")), form.method, fields_of(form))
        for form in tree.forms
    ]
    return Watched.names | names_of_links(tree, path), forms


def names_of_links(tree, path):
    """The parameters that the page's links to itself name."""
    links = [urlsplit(urljoin(path, link.get("href"))) for link in tree.iterfind(".//a[@href]")]
    queries = [parse_qsl(link.query, keep_blank_values=True) for link in links if link.path == path]
    return {name for query in queries for name, _value in query}


def fields_of(form):
    """What a form sends when nobody fills anything in, and of what it would not send, the name."""
    fields = defaultdict(list)
    for name, value in form.form_values():
        fields[name].append(value)
    for control in form.inputs:
        if control.name and control.name not in fields:
            fields[control.name].append(control.get("value", ""))
    return fields
