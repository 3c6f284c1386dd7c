"""The decorators of every page stand in one order, so that one knows which answer goes first."""

from __future__ import annotations

import ast
from itertools import pairwise
from pathlib import Path

from portal import views

ORDER = (
    {"csrf_exempt", "login_not_required"},
    {"open_while_closed", "open_without_two_step"},
    {"of_ones_own_way"},
    {"never_cache"},
    {"sensitive_post_parameters"},
    {"require_safe", "require_POST", "require_safe_or_post"},  # 405
    {"role_required"},  # 404, 409 and 403
    {"confirmation_required"},
    {"rate_limit"},
    {"once", "once_or"},
    {"answers"},  # by the standby
)
"""From the outermost. What does not stand here is no decorator of a page, or needs a place."""


def name_of(decorator):
    """What a decorator is called, such as ``once_or`` in ``@once_or(made_already)``."""
    called = decorator.func if isinstance(decorator, ast.Call) else decorator
    return called.attr if isinstance(called, ast.Attribute) else called.id


def decorated():
    """Each function of the pages that is decorated: where it is, and with what."""
    root = Path(views.__file__).parent
    for path in sorted(root.rglob("*.py")):
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.FunctionDef) and node.decorator_list:
                names = [name_of(decorator) for decorator in node.decorator_list]
                yield f"{path.relative_to(root)}:{node.name}", names


def place_of(name):
    return next(place for place, names in enumerate(ORDER) if name in names)


def test_every_decorator_of_a_page_has_its_place():
    known = set().union(*ORDER)

    assert {where: names for where, names in decorated() if not known.issuperset(names)} == {}


def test_the_decorators_of_a_page_stand_in_their_order():
    def is_in_order(names):
        return all(place_of(a) <= place_of(b) for a, b in pairwise(names))

    assert {where: names for where, names in decorated() if not is_in_order(names)} == {}
