"""The policy template: ADMX and ADML, the same for every customer and without a secret.

Written after Microsoft's schema of policy definitions (2006/07); Group Policy editors
and Intune read both.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree as ET

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.deployment.values import policy_key, table

NAMESPACE = "http://schemas.microsoft.com/GroupPolicy/2006/07/PolicyDefinitions"
LONGEST_TEXT = 1023
"""What the Group Policy editor takes in a text box."""
LANGUAGES = {"en-GB": "en-gb", "en-US": "en-gb", "de-DE": "de"}
"""Those of Group Policy editors, which fall back to US English, each with the one we write."""
PAIR_POLICY = "ProductKey"
SUPPORTED = "SUPPORTED_Version16"


def prefix() -> str:
    """The short name of our definitions, and their file name."""
    return f"{settings.POLICY_VENDOR}{settings.POLICY_PRODUCT}Licensing".replace(" ", "")


def category() -> str:
    """The innermost category, where the policies stand."""
    return f"{prefix()}_Category"


def vendor_category() -> str:
    """The category around it."""
    return f"{prefix()}_Vendor"


LABELS = {
    "ProductKey": gettext_lazy("Product key"),
    "SerialNumber": gettext_lazy("Serial number"),
    "ServiceUrl": gettext_lazy("Service address"),
    "Proxy": gettext_lazy("Proxy"),
    "TimeoutSeconds": gettext_lazy("Seconds to wait for an answer"),
    "ContactText": gettext_lazy("Whom people ask"),
    "AllowUserEntry": gettext_lazy("People may type a key of their own"),
}


def policies() -> list[tuple[str, list[dict[str, Any]]]]:
    """Each policy with the rows of the table that it sets: the pair is one policy."""
    pair = table()["pair"]
    rows = {row["name"]: row for row in table()["values"]}
    alone = [(name, [row]) for name, row in rows.items() if name not in pair]
    return [(PAIR_POLICY, [rows[name] for name in pair]), *alone]


def admx() -> bytes:
    """The definitions."""
    root = ET.Element(
        "policyDefinitions", xmlns=NAMESPACE, revision="1.0", schemaVersion="1.0"
    )  # the namespace as a plain attribute: some readers want no prefixes
    namespaces = ET.SubElement(root, "policyNamespaces")
    ET.SubElement(
        namespaces, "target", prefix=prefix(), namespace=f"{settings.POLICY_VENDOR}.{prefix()}"
    )
    ET.SubElement(root, "resources", minRequiredRevision="1.0")
    definitions = ET.SubElement(ET.SubElement(root, "supportedOn"), "definitions")
    ET.SubElement(definitions, "definition", name=SUPPORTED, displayName=string(SUPPORTED))
    add_categories(ET.SubElement(root, "categories"))
    listed = ET.SubElement(root, "policies")
    for name, rows in policies():
        add_policy(listed, name, rows)
    return written(root)


def add_categories(categories: ET.Element) -> None:
    """The vendor's category, and the product's inside it."""
    ET.SubElement(
        categories, "category", name=vendor_category(), displayName=string(vendor_category())
    )
    inner = ET.SubElement(categories, "category", name=category(), displayName=string(category()))
    ET.SubElement(inner, "parentCategory", ref=vendor_category())


def add_policy(listed: ET.Element, name: str, rows: list[dict[str, Any]]) -> None:
    """One policy, for computers and for users."""
    attributes = {
        "name": name,
        "class": "Both",
        "displayName": string(name),
        "explainText": string(f"{name}_Help"),
        "key": policy_key(),
    }
    is_switch = rows[0]["kind"] == "switch"
    attributes |= {"valueName": name} if is_switch else {"presentation": presentation(name)}
    policy = ET.SubElement(listed, "policy", attributes)
    ET.SubElement(policy, "parentCategory", ref=category())
    ET.SubElement(policy, "supportedOn", ref=SUPPORTED)
    if is_switch:
        for kind, value in (("enabledValue", "1"), ("disabledValue", "0")):
            ET.SubElement(ET.SubElement(policy, kind), "decimal", value=value)
        return
    elements = ET.SubElement(policy, "elements")
    for row in rows:
        tag, attributes = element_of(row)
        ET.SubElement(elements, tag, attributes)


def element_of(row: dict[str, Any]) -> tuple[str, dict[str, str]]:
    """The tag and attributes of what an administrator fills in."""
    own = {"id": row["name"], "valueName": row["name"], "required": "true"}
    if row["kind"] == "number":
        bounds = {"minValue": str(row["least"]), "maxValue": str(row["most"])}
        return "decimal", own | bounds
    return "text", own | {"maxLength": str(min(row["longest"], LONGEST_TEXT))}


def adml(language: str) -> bytes:
    """The words, for Group Policy editors in one of ``LANGUAGES``."""
    with translation.override(LANGUAGES[language]):
        return written(resources())


def resources() -> ET.Element:
    """The words in the language that is set."""
    root = ET.Element(
        "policyDefinitionResources", xmlns=NAMESPACE, revision="1.0", schemaVersion="1.0"
    )
    ET.SubElement(root, "displayName").text = heading()
    ET.SubElement(root, "description").text = _("Which licence a program opens with, and how.")
    resources = ET.SubElement(root, "resources")
    strings = ET.SubElement(resources, "stringTable")
    for name, text in words():
        ET.SubElement(strings, "string", id=name).text = text
    presentations = ET.SubElement(resources, "presentationTable")
    for name, rows in policies():
        if rows[0]["kind"] != "switch":
            add_presentation(presentations, name, rows)
    return root


def heading() -> str:
    """What the category of our policies is called."""
    return _("%(product)s licensing") % {"product": settings.POLICY_PRODUCT}


def words() -> Iterator[tuple[str, str]]:
    """Every string that the definitions name."""
    yield SUPPORTED, _("%(product)s 16 or later") % {"product": settings.POLICY_PRODUCT}
    yield vendor_category(), settings.POLICY_VENDOR
    yield category(), heading()
    for name, rows in policies():
        yield name, title_of(name)
        meanings = [row["meaning"] for row in rows]
        yield f"{name}_Help", " ".join(map(_, meanings))


def title_of(name: str) -> str:
    """What a policy is called."""
    return _("Serial number and product key") if name == PAIR_POLICY else str(LABELS[name])


def add_presentation(presentations: ET.Element, name: str, rows: list[dict[str, Any]]) -> None:
    """The boxes of one policy."""
    shown = ET.SubElement(presentations, "presentation", id=name)
    for row in rows:
        if row["kind"] == "number":
            box = ET.SubElement(
                shown, "decimalTextBox", refId=row["name"], defaultValue=str(row["default"])
            )
            box.text = str(LABELS[row["name"]])
        else:
            box = ET.SubElement(shown, "textBox", refId=row["name"])
            ET.SubElement(box, "label").text = str(LABELS[row["name"]])


def string(name: str) -> str:
    """A reference to a string of the ADML."""
    return f"$(string.{name})"


def presentation(name: str) -> str:
    """A reference to a presentation of the ADML."""
    return f"$(presentation.{name})"


def written(root: ET.Element) -> bytes:
    """The document in UTF-8, indented."""
    ET.indent(root)
    return b'<?xml version="1.0" encoding="utf-8"?>\r\n' + ET.tostring(root).replace(b"\n", b"\r\n")
