"""What can be edited in the admin goes through a verb of the domain; all else is to be read."""

from __future__ import annotations

import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry

from licensing import catalogue
from licensing.models import Feature, Product
from portal.models import User
from portal.people import staff as verbs
from support.admin.tables import KeptUpAdmin, RecordInline
from tests.factories import UserFactory
from tests.people import signed_in
from tests.support.acting import READ, REASON, check, confirm, do, foretold, wrong
from tests.support.vendor import staff

ADDED = {
    "portal.User": ({"name", "email"}, verbs.add),
    "licensing.Product": ({"code", "name", "minimum_version"}, catalogue.put),
    "licensing.Feature": ({"product", "code", "name"}, catalogue.put),
}
CHANGED = {
    "licensing.Product": ({"name", "minimum_version"}, catalogue.put),
    "licensing.Feature": ({"name"}, catalogue.put),
}
"""The fields that superusers fill in, with the verb that keeps them. Nothing is deleted."""


@pytest.fixture
def asked(rf, db):
    request = rf.get("/")
    request.user = UserFactory(is_staff=True, is_superuser=True)
    return request


def test_only_the_fields_of_a_short_list_can_be_edited_and_nothing_deleted(asked):
    added, changed, deleted = {}, {}, set()
    for model, model_admin in admin.site._registry.items():
        name, row = model._meta.label, model()
        if model_admin.has_add_permission(asked):
            added[name] = set(model_admin.get_form(asked).base_fields)
        if model_admin.has_change_permission(asked, row):
            changed[name] = set(model_admin.get_form(asked, row, change=True).base_fields)
        if model_admin.has_delete_permission(asked, row):
            deleted.add(name)
        assert "delete_selected" not in model_admin.get_actions(asked), name
        assert not model_admin.list_editable, name
        assert all(issubclass(inline, RecordInline) for inline in model_admin.inlines), name

    assert added == {name: fields for name, (fields, _verb) in ADDED.items()}
    assert changed == {name: fields for name, (fields, _verb) in CHANGED.items()}
    assert deleted == set()


def test_the_verb_of_each_is_the_one_that_keeps_it():
    for name, (_fields, verb) in CHANGED.items():
        model_admin = next(a for m, a in admin.site._registry.items() if m._meta.label == name)
        assert isinstance(model_admin, KeptUpAdmin)
        assert type(model_admin).put is verb


def test_the_catalogue_keeps_its_codes(superuser):
    product = Product.objects.get(code="asta-powerproject")

    new = {"product": product.pk, "code": "x", "name": "X"}
    superuser.post("/admin/licensing/feature/add/", new)
    feature = Feature.objects.get(code="x")
    page = f"/admin/licensing/feature/{feature.pk}/change/"
    superuser.post(page, {"name": "Xylophone", "code": "y"})

    feature.refresh_from_db()
    assert (feature.name, feature.code) == ("Xylophone", "x")


def test_a_new_colleague_is_staff_without_rights_or_password(superuser):
    superuser.post("/admin/portal/user/add/", {"name": "New", "email": "New@vendor.example"})

    user = User.objects.get(email="new@vendor.example")
    assert (user.is_staff, user.is_superuser, user.has_usable_password()) == (True, False, False)
    assert not user.groups.exists()


def test_groups_are_given_with_a_reason_that_the_history_keeps(superuser):
    colleague = staff("Sales")

    page = check(superuser, "user", "rights", colleague, is_staff="on",
                 groups=["Support"])  # fmt: skip
    confirm(superuser, page)

    assert foretold(page) == [f"{colleague} is staff (Sales) now, and would be staff (Support)."]
    assert list(colleague.groups.values_list("name", flat=True)) == ["Support"]
    entry = LogEntry.objects.get(object_id=str(colleague.pk))
    assert entry.get_change_message() == f"{colleague} is staff (Support) now. {READ} {REASON}"
    assert REASON in superuser.get(f"/admin/portal/user/{colleague.pk}/history/").text


def test_who_is_not_of_the_staff_has_no_groups(superuser):
    page = check(superuser, "user", "rights", staff(), groups=["Support"])

    assert wrong(page) == {"__all__": ["Only staff have groups."]}


def test_who_is_kept_out_is_signed_out_and_let_in_again(superuser, member):
    browser = signed_in(member.user)
    assert browser.get("/").status_code == 200

    do(superuser, "user", "lock-out", member.user)
    assert browser.get("/").status_code == 302
    do(superuser, "user", "let-in", member.user)

    told = member.account.audit_entries.values_list("action", "reason")
    assert list(told) == [("person_let_in", READ), ("person_locked_out", READ)]
