"""The policy template: every reference resolves, and its values are those that clients read."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import pytest

from portal.deployment import policy_template
from portal.deployment.values import table

NAMES = {"p": policy_template.NAMESPACE}
REFERENCE = re.compile(r"^\$\((string|presentation)\.(\w+)\)$")


@pytest.fixture(scope="module")
def admx():
    return ET.fromstring(policy_template.admx())


@pytest.fixture(params=policy_template.LANGUAGES)
def adml(request):
    return ET.fromstring(policy_template.adml(request.param))


def ids(root, path):
    return [element.get("id") for element in root.findall(path, NAMES)]


def test_every_reference_to_a_word_or_a_box_resolves(admx, adml):
    there = {
        "string": set(ids(adml, ".//p:string")),
        "presentation": set(ids(adml, ".//p:presentation")),
    }
    referred = {
        REFERENCE.match(value).groups()
        for element in admx.iter()
        for value in element.attrib.values()
        if value.startswith("$(")
    }

    assert {(kind, name) for kind, names in there.items() for name in names} == referred


def test_every_category_and_support_that_is_named_is_there(admx):
    defined = {element.get("name") for element in admx.findall(".//p:category", NAMES)}
    supported = {element.get("name") for element in admx.findall(".//p:definition", NAMES)}

    for path, names in ((".//p:parentCategory", defined), (".//p:policy/p:supportedOn", supported)):
        assert {element.get("ref") for element in admx.findall(path, NAMES)} <= names


def test_sets_what_clients_read_and_nothing_else(admx):
    elements = admx.findall(".//p:elements/*", NAMES)
    switches = admx.findall(".//p:policy[@valueName]", NAMES)

    named = [element.get("valueName") for element in [*elements, *switches]]
    assert sorted(named) == sorted(row["name"] for row in table()["values"])
    assert {policy.get("key") for policy in admx.findall(".//p:policy", NAMES)} == {
        r"Software\Policies\Elecosoft\Powerproject\Licensing"
    }


def test_each_box_is_that_of_an_element(admx, adml):
    for policy in admx.findall(".//p:policy[@presentation]", NAMES):
        _kind, name = REFERENCE.match(policy.get("presentation")).groups()
        boxes = adml.findall(f".//p:presentation[@id='{name}']/*", NAMES)
        elements = policy.findall("p:elements/*", NAMES)

        assert [box.get("refId") for box in boxes] == [element.get("id") for element in elements]


def test_numbers_have_bounds(admx):
    bounds = [
        (element.get("minValue"), element.get("maxValue"))
        for element in admx.findall(".//p:elements/p:decimal", NAMES)
    ]

    assert bounds == [("1", "60")]


def test_the_key_is_one_policy_with_two_boxes(admx):
    elements = admx.findall(".//p:policy[@name='ProductKey']/p:elements/p:text", NAMES)

    assert [element.get("valueName") for element in elements] == ["SerialNumber", "ProductKey"]


def test_another_vendor_gets_another_key(settings):
    settings.POLICY_VENDOR, settings.POLICY_PRODUCT = "Hill & Dale", "Site"

    admx = ET.fromstring(policy_template.admx())

    keys = {policy.get("key") for policy in admx.findall(".//p:policy", NAMES)}
    assert keys == {r"Software\Policies\Hill & Dale\Site\Licensing"}


def test_a_german_editor_reads_german():
    words = ET.fromstring(policy_template.adml("de-DE"))

    assert words.find(".//p:string[@id='ServiceUrl']", NAMES).text == "Dienstadresse"
    assert words.find(".//p:string[@id='ServiceUrl_Help']", NAMES).text.startswith("Die Adresse")
