"""A browser without scripts: follows links, fills fields in by their labels, presses buttons.

It sends what the page's forms say and nothing else, marks and tokens included, and uses what
somebody sees: nothing hidden, nothing disabled, and one thing of the name that is asked for.
"""

from __future__ import annotations

from copy import deepcopy
from urllib.parse import urlencode, urljoin, urlsplit

from django.test import Client
from lxml import html

UNSEEN = "//*[@hidden] | //script | //style | //template | //dialog[not(@open)]"
FIELDS = "self::input or self::select or self::textarea"
BUTTONS = "self::button[not(@type) or @type='submit'] or self::input[@type='submit']"
LINKS = "self::a[@href]"
FORM = "application/x-www-form-urlencoded"
REFUSED = (400, 403, 404, 405)
"""What nobody is told who follows a link of a page, or sends its form."""


class Part:
    """A part of a page: what is asked for is looked for in it."""

    def __init__(self, page, element):
        self.page, self.element = page, element

    def __contains__(self, words):
        return words in self.text

    @property
    def text(self):
        """What stands there."""
        return text_of(self.element)

    def parts(self, path):
        """The parts that an XPath finds."""
        return [Part(self.page, element) for element in self.element.xpath(path)]

    def row(self, words):
        """The row of a table, or the point of a list, in which these words stand."""
        rows = [row for row in self.parts(".//tr | .//li[not(.//li)]") if words in row]
        return the_one(rows, words)

    def all(self, kind):
        """The links, buttons or fields that are seen: not those of a menu that is closed."""
        return self.element.xpath(f".//*[{kind}][not(ancestor::details[not(@open)])]")

    def has(self, name):
        """Whether there is a link or a button of this name."""
        return any(name == name_of(one) for one in self.all(f"{LINKS} or {BUTTONS}"))

    def unfold(self, name):
        """Open a menu, or another thing that opens."""
        named(self.element.xpath(".//summary"), name, name_of).getparent().set("open", "")

    def follow(self, name):
        """Go where a link leads."""
        link = named(self.all(LINKS), name, name_of)
        self.page.open(link.get("href"))

    def fill(self, label, value):
        """Write into a field, or choose in a list, in the place of what is there."""
        field = self.field(label)
        if field.tag == "select":
            value = named(field.iter("option"), value, name_of).get("value")
        field.value = value

    def tick(self, label):
        """Tick a box, or choose one of several."""
        field = self.field(label)
        if field.type == "radio":
            for other in self.page.form_of(field).inputs[field.name]:
                other.checked = False
        field.checked = True

    def field(self, label):
        """The field of a label."""
        field = named(self.all(FIELDS), label, label_of)
        assert not field.xpath("ancestor-or-self::*[@disabled]"), f"{label} is disabled"
        return field

    def press(self, name):
        """Press a button."""
        button = named(self.all(BUTTONS), name, name_of)
        assert "disabled" not in button.attrib, f"{name} is disabled"
        self.page.send(self.page.form_of(button), button)


class Page(Part):
    """What a browser shows, from one page to the next."""

    def __init__(self, *, user_agent="A browser without scripts"):
        super().__init__(self, None)
        self.client = Client(enforce_csrf_checks=True, headers={"user-agent": user_agent})
        self.address = "/"
        self.file = None
        """What was downloaded last."""

    @property
    def main(self):
        """The page without what stands around every page."""
        return the_one(self.parts("//main"), "main")

    @property
    def toasts(self):
        """What is told of the last act."""
        return the_one(self.parts("//*[@id='toasts']"), "toasts")

    @property
    def heading(self):
        """The heading of the page."""
        return the_one(self.parts("//h1"), "h1").text

    def open(self, address):
        """Go to an address."""
        self.ask("get", urljoin(self.address, address))

    def reload(self):
        """Look at the same page again."""
        self.open("")

    def ask(self, method, address, *sent):
        """Ask for something and show it, or keep it if it is a file."""
        referer = {"referer": f"http://testserver{self.address}"}
        response = getattr(self.client, method)(address, *sent, follow=True, headers=referer)
        assert response.status_code not in REFUSED, f"{response.status_code} of {address}"
        if not response["Content-Type"].startswith("text/html"):
            self.file = response
            return
        asked = response.request
        self.address = urljoin(asked["PATH_INFO"], f"?{asked['QUERY_STRING']}".rstrip("?"))
        self.element = html.document_fromstring(response.text)
        self.forms = {form.get("id"): form for form in self.element.xpath("//form[@id]")}
        for unseen in self.element.xpath(UNSEEN):
            unseen.drop_tree()

    def form_of(self, control):
        """The form that a control belongs to, inside it or not."""
        if (named := self.forms.get(control.get("form"))) is not None:
            return named  # which may be out of sight
        return the_one(control.xpath("ancestor::form"), f"a form of {name_of(control)}")

    def send(self, form, button):
        """Send a form as the button says that was pressed."""
        outside = self.element.xpath(f"//*[{FIELDS}][@form=$id]", id=form.get("id", ""))
        form.extend(deepcopy(outside))
        unfilled = [label_of(field) for field in form.inputs if is_missing(form, field)]
        assert not unfilled, f"a browser asks for {unfilled} first"
        values = form.form_values()
        if button.get("name"):
            values.append((button.get("name"), button.get("value", "")))

        address = urljoin(self.address, button.get("formaction", form.get("action", "")))
        if form.method == "POST":
            self.ask("post", address, urlencode(values), FORM)
        else:
            self.ask("get", urlsplit(address)._replace(query=urlencode(values)).geturl())


def text_of(element):
    """The words of an element, one space between them."""
    return " ".join(element.text_content().split())


def name_of(control):
    """What somebody calls a link or a button; a second line of it stands apart."""
    words = " ".join(" ".join(control.itertext()).split())
    told = control.get("aria-label") or words or control.get("value") or control.get("title")
    return told or ""


def label_of(field):
    """What somebody calls a field."""
    of_it = field.xpath("ancestor::label | //label[@for=$id]", id=field.get("id", ""))
    return field.get("aria-label") or " ".join(map(name_of, of_it))


def is_missing(form, field):
    """Whether a browser would not send the form without something in this field."""
    is_asked_for = "required" in field.attrib and "novalidate" not in form.attrib
    return is_asked_for and not form.inputs[field.name].value


def named(candidates, name, name_of):
    """The one of this name, or else the one whose name goes on after these words."""
    candidates = list(candidates)
    exact = [one for one in candidates if name_of(one) == name]
    longer = [one for one in candidates if name_of(one).startswith(f"{name} ")]
    return the_one(exact or longer, name)


def the_one(found, name):
    """What was found, if it is one."""
    assert len(found) == 1, f"{len(found)} found: {name}"
    return found[0]
