"""What a page reads of a request: views are watched, so a new parameter is known by itself."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urljoin, urlsplit

from django.core.handlers import wsgi
from django.http import QueryDict, request


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
    fields: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))


def watch(monkeypatch):
    """From now on every request's query and form is watched."""
    for module in (wsgi, request):
        monkeypatch.setattr(module, "QueryDict", Watched)


def read_by(ask):
    """The parameters that a request reads or that its page's links name, and the page's forms."""
    Watched.names = set()
    response = ask()
    if not response.headers.get("Content-Type", "").startswith("text/html"):
        return Watched.names, []
    page = Page(response.request["PATH_INFO"], response.request["QUERY_STRING"])
    page.feed(response.getvalue().decode(errors="replace"))
    return Watched.names | page.names, page.forms


class Page(HTMLParser):
    """The forms of a page, as a browser sends them, and the parameters of its links to itself."""

    def __init__(self, path, query):
        super().__init__()
        self.path, self.address, self.names, self.forms = path, f"{path}?{query}", set(), []
        self.form = self.select = None

    def handle_starttag(self, tag, attrs):
        of = dict(attrs)
        if tag == "a":
            self.note_link(urlsplit(urljoin(self.path, of.get("href") or "")))
        elif tag == "form":
            action = urljoin(self.address, of.get("action") or "")
            self.form = Form(action, (of.get("method") or "get").upper())
            self.forms.append(self.form)
        elif self.form is not None:
            self.note_field(tag, of)

    def note_link(self, link):
        if link.path == self.path:
            self.names |= {name for name, _ in parse_qsl(link.query, keep_blank_values=True)}

    def note_field(self, tag, of):
        values = self.form.fields[of["name"]] if of.get("name") else None
        if tag == "select":
            self.select = values
        elif tag == "option" and self.select is not None:
            if not self.select or "selected" in of:
                self.select[:] = [of.get("value", "")]
        elif values is not None and of.get("type") in ("checkbox", "radio"):
            if not values or "checked" in of:
                values[:] = [of.get("value", "on")]
        elif values is not None:
            values.append(of.get("value") or "")

    def handle_endtag(self, tag):
        if tag == "form":
            self.form = None
        elif tag == "select":
            self.select = None
