"""The catalogue and licence templates in the console."""

from __future__ import annotations

import datetime as dt

import pytest
from django.contrib.admin.models import LogEntry

from licensing import catalogue, licences, templates
from licensing.errors import InvalidOperation
from licensing.licences import STRICT, Order
from licensing.models import Account, Feature, Licence, LicenceTemplate, Product
from licensing.models.licences import LicenceState
from tests.factories import (
    TESTER,
    AccountFactory,
    MembershipFactory,
    make_pool,
    make_session,
    make_template,
)
from tests.kept import kept
from tests.people import signed_in
from tests.support.acting import REASON, address, check, confirm, do, foretold, told, wrong
from tests.support.vendor import staff

NEW_PRODUCT = {"name": "Site Pro", "code": "site-pro", "minimum_version": "3.1"}
YEAR = {
    "name": "Powerproject, concurrent, 1 year",
    "product": "asta-powerproject",
    "usage_model": "concurrent",
    "seats": "5",
    "features": "bim, 4D:3",
    "months": "12",
    "policy": "Strict",
}


@kept
def powerproject():
    """The product that the tests' licences are of."""
    return Product.objects.get(code="asta-powerproject")


def test_a_product_leads_back_to_the_catalogue(sales, powerproject):
    page = sales.get(f"/support/records/product/{powerproject.pk}/")

    assert (page.context["back_to"], page.context["back_url"]) == (
        "Catalogue",
        "/support/catalogue/",
    )


def noted():
    """What the history of what has no account says, the last first."""
    return [entry.get_change_message() for entry in LogEntry.objects.order_by("-pk")]


def test_sales_add_a_product_and_a_feature_and_who_did_is_kept(sales):
    page = sales.post("/support/acts/product/add/", NEW_PRODUCT, follow=True)
    answer = confirm(sales, page)
    product = Product.objects.get(code="site-pro")
    do(sales, "product", "add-feature", product, name="Drones", code="drones")

    assert told(answer) == ["Site Pro is a product."]
    assert answer.headers["Location"] == f"/support/records/product/{product.pk}/"
    assert [feature.code for feature in product.features.all()] == ["drones"]
    assert noted() == [
        f"Drones is a feature of Site Pro. {REASON}",
        f"Site Pro is a product. {REASON}",
    ]
    assert "Drones is a feature of Site Pro." in sales.get(answer.headers["Location"]).text


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"name": " "}, "Fill this in."),
        ({"name": "\u200b"}, "There is a character in it that is no text (U+200B)."),
        ({"name": "ASTA  powerproject"}, "There is one called Asta Powerproject already."),
        ({"code": "ASTA-powerproject"}, "The code ASTA-powerproject is in use."),
        ({"code": "asta powerproject"}, "A code is letters, digits and - _ alone"),
        ({"minimum_version": "new"}, "Write numbers with dots between them"),
    ],
)
def test_a_product_that_cannot_be_is_refused_in_clear_words(sales, asked, words):
    page = sales.post("/support/acts/product/add/", NEW_PRODUCT | asked, follow=True)

    assert page.status_code == 422
    assert words in str(wrong(page))


def test_a_feature_is_renamed_but_not_as_another_of_its_product(sales, powerproject):
    bim = powerproject.features.get(code="bim")

    taken = check(sales, "feature", "rename", bim, name=" 4d ")
    do(sales, "feature", "rename", bim, name="BIM and IFC")

    assert wrong(taken) == {"name": ["There is one called 4D already."]}
    bim.refresh_from_db()
    assert (bim.name, bim.code) == ("BIM and IFC", "bim")


def test_the_database_keeps_names_apart_whoever_writes_them(powerproject):
    with pytest.raises(InvalidOperation, match="Another has this name"):
        catalogue.save(Feature(product=powerproject, code="x", name="BIM"), by=TESTER)


def test_what_is_withdrawn_is_kept_by_those_who_have_it_and_offered_to_nobody_else(
    sales, powerproject
):
    key = make_pool(5, features=["bim"])
    template = make_template()

    page = check(sales, "product", "withdraw", powerproject)
    confirm(sales, page)

    effects = page.context["subjects"][0].effects
    assert effects[1] == ("In use by 1 licence: nothing changes for them, and they can be renewed.")
    assert effects[2] == "Templates that name it sell nothing until they are changed: A year."
    asked = check(sales, "account", "sell", key.account, product="asta-powerproject", seats="1")
    assert wrong(asked)["product"] == ["There is no such product on sale."]
    assert str(template) not in sales.get(address("account", "sell", key.account)).text
    assert make_session(key).licence == key.licence
    do(sales, "product", "offer", powerproject)
    assert str(template) in sales.get(address("account", "sell", key.account)).text


def test_a_withdrawn_feature_is_sold_in_no_new_licence(sales, powerproject):
    account = MembershipFactory().account
    catalogue.withdraw(powerproject.features.get(code="bim"), by=TESTER)

    order = {"product": "asta-powerproject", "usage_model": "concurrent", "policy": "Friendly"}
    page = check(sales, "account", "sell", account, **order, seats="1", features="bim")

    assert wrong(page) == {"features": ["BIM was withdrawn from sale."]}


def test_what_customers_have_already_is_entered_whatever_is_on_sale(powerproject):
    catalogue.withdraw(powerproject, by=TESTER)

    order = Order(account_name="Brook & Co", seats=1, usage_model="lease", name="Old")

    assert licences.take_over_lease(order, by=TESTER)[0].licence.product == powerproject


def test_a_template_is_added_changed_and_withdrawn(sales):
    page = sales.post("/support/acts/licencetemplate/add/", YEAR, follow=True)
    confirm(sales, page)
    template = LicenceTemplate.objects.get()
    do(sales, "licencetemplate", "change", template, **YEAR | {"seats": "7", "months": ""})
    do(sales, "licencetemplate", "withdraw", template)

    assert foretold(page)[0] == (
        "Powerproject, concurrent, 1 year: concurrent user, 5 seats of Asta Powerproject, "
        "bim, 4d:3, 12 months."
    )
    template.refresh_from_db()
    assert template.code == "powerproject-concurrent-1-year"
    assert (template.features, template.seats, template.months) == (["bim", "4d:3"], 7, None)
    assert template.withdrawn_at
    assert len(noted()) == 3


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"name": ""}, "Fill this in."),
        ({"name": "a  YEAR"}, "There is one called A year already."),
        ({"features": "dance"}, "has no feature dance"),
        ({"product": "asta-powerproject-4d", "features": "risk"}, "has no feature risk"),
        ({"features": "4d:9"}, "be for 9 people at once: the licence has 5 seats"),
        ({"seats": "-1"}, "has to be 1 at least"),
        ({"seats": "1000000000"}, "100000 at most"),
        ({"seats": "ten"}, "“ten” is no whole number. Write digits, such as 12."),
        ({"months": "0"}, "has to be 1 at least"),
        ({"usage_model": "single-user", "policy": "Hold"}, "it is no pool"),
        ({"code": "a year"}, "A code is letters, digits and - _ alone"),
    ],
)
def test_a_template_that_sells_nothing_is_refused_in_clear_words(sales, asked, words):
    make_template()

    page = sales.post("/support/acts/licencetemplate/add/", YEAR | asked, follow=True)

    assert page.status_code == 422
    assert words in str(wrong(page))


def test_a_new_licence_begins_with_a_template_and_can_be_changed(sales):
    account = MembershipFactory().account
    make_template(name="Year", code="year")

    form = sales.get(address("account", "sell", account) + "&begin=year").context["form"]
    page = check(sales, "account", "sell", account, **form.initial | {"seats": "8"})
    confirm(sales, page)

    licence = Licence.objects.get()
    today = licence.today
    assert form.initial["seats"] == 5
    assert licence.seats == 8
    assert sorted(one.as_ordered() for one in licence.licence_features.all()) == ["4d:3", "bim"]
    assert licence.grace_period == STRICT.grace_period
    assert licence.ends_on == templates.last_day(today, 12)


def test_an_account_is_opened_and_one_goes_on_to_sell_by_the_template(sales):
    make_template(name="Year", code="year")
    new = {"name": "Hill & Dale", "time_zone": "Europe/London", "email": "ann@hill.example"}

    page = sales.post("/support/acts/account/open/", new | {"template": "year"}, follow=True)
    answer = confirm(sales, page)

    account = Account.objects.get()
    assert foretold(page)[-1] == "After that you go on to sell Year."
    assert answer.headers["Location"] == (f"/support/acts/account/sell/?id={account.pk}&begin=year")


def test_no_form_begins_with_what_there_is_not(sales):
    account = AccountFactory()

    assert sales.get(address("account", "sell", account) + "&begin=nothing").status_code == 404


@pytest.mark.parametrize(
    ("first", "months", "last"),
    [
        (dt.date(2026, 11, 30), 12, dt.date(2027, 11, 29)),
        (dt.date(2026, 1, 1), 12, dt.date(2026, 12, 31)),
        (dt.date(2026, 1, 31), 1, dt.date(2026, 2, 28)),
        (dt.date(2028, 2, 29), 12, dt.date(2029, 2, 28)),
        (dt.date(2026, 12, 15), None, None),
    ],
)
def test_a_term_ends_the_day_before_its_next_would_begin(first, months, last):
    assert templates.last_day(first, months) == last


def test_auditors_read_the_catalogue_and_change_nothing(db):
    make_template()
    make_pool(5, features=["bim"])

    page = signed_in(staff("Auditor")).get("/support/catalogue/")

    assert page.status_code == 200
    assert "A year" in page.text
    assert "/acts/" not in page.text
    product = next(
        one for one in page.context["products"] if one.row.record.code[4:] == "-powerproject"
    )
    assert product.licences == 1
    assert {one.row.record.code: one.licences for one in product.features}["bim"] == 1


def test_the_page_counts_licences_that_go_on_and_says_what_is_withdrawn(sales, powerproject):
    make_pool(3, name="Goes on", features=["bim"])
    closed = make_pool(3, name="Closed", features=["bim"]).licence
    licences.set_state(closed, LicenceState.CLOSED, by=TESTER)
    do(sales, "feature", "withdraw", powerproject.features.get(code="bim"))

    page = sales.get("/support/catalogue/")
    [sold] = [one for one in page.context["products"] if one.row.record == powerproject]
    features = {one.row.record.code: (one.licences, one.state) for one in sold.features}

    assert (sold.licences, sold.state) == (1, "active")
    assert features["bim"] == (1, "withdrawn")
    assert features["4d"] == (0, "active")
