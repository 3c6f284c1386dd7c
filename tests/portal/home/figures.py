"""Figures on pages: what they say, and what stands where they lead."""

from __future__ import annotations

import csv
import html
import io
import re
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from lxml import html as pages

CURL = re.compile(r'curl [^"]*"Authorization[^"]*" "http://testserver([^"]*)"')
FIGURE = re.compile(r"\d+")


@dataclass(frozen=True)
class Figure:
    """A link with a number: where it stands, where it leads, and what it says of that."""

    page: str
    url: str
    counted: str
    number: int


def page_at(browser, address):
    """The page as a tree."""
    response = browser.get(address)
    assert response.status_code == 200, address
    return pages.fromstring(response.content.decode())


def figures_on(tree, address):
    """Every figure that is a link, and a failure for a number that is one and is not marked."""
    for link in tree.iter("a"):
        shown = [words for words in numbers_in(link) if FIGURE.fullmatch(words)]
        if "data-figure" not in link.attrib:
            assert not shown or link.get("aria-current"), (address, link.text_content())
            continue
        number = link.get("data-figure")
        assert not shown or number in shown, (address, link.text_content())
        url = urljoin(address, link.get("href"))
        yield Figure(address, url, link.get("data-counted", "rows"), int(number))


def numbers_in(link):
    """The texts of a link that may be its number: the whole, or what is set apart as one."""
    apart = link.xpath(".//*[contains(@class, 'count') or contains(@class, 'stat-value')]/text()")
    return [text.strip() for text in [link.text_content(), *apart]]


def stated(tree, url, counted):
    """What the page says that it counts; of the section that the address names, if it does."""
    part = urlsplit(url).fragment
    within = tree.get_element_by_id(part) if part else tree
    return [int(number) for number in within.xpath(f".//@data-{counted} | ./@data-{counted}")][:1]


def exported(browser, tree):
    """How many rows the page's own export has."""
    [action] = tree.xpath("//details[contains(@class, 'export-menu')]//form/@action")
    file = browser.post(action, {"format": "csv"})
    text = b"".join(file.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def fetched(client, response, token):
    """What the page's command fetches, all pages of it."""
    address = CURL.search(html.unescape(response.text))[1]
    rows = []
    while address:
        answer = client.get(address, headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code == 200, (address, answer.text)
        rows += answer.json()["data"]
        address = answer.json()["next"]
    return rows


def crawl(browser, estate_pages):
    """Every figure of these pages."""
    return [
        figure
        for address in estate_pages
        for figure in figures_on(page_at(browser, address), address)
    ]


def kind_of(url):
    """What is alike for lists of one sort: their page and which filters they have."""
    address = urlsplit(url)
    return address.path, *sorted(re.sub(r"=\d+", "", address.query).split("&"))


def rows_of(tree, url):
    """How many rows the page has; of licences, those of both kinds together."""
    if "/licences/" in url:
        return sum(int(number) for number in tree.xpath("//section/@data-rows"))
    [rows] = stated(tree, url, "rows")
    return rows
