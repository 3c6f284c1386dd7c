"""What comes out of the printer."""

from __future__ import annotations

import re

from tests.factories import make_client, make_pool, make_session, make_single_user

A4 = (595, 842)
"""Points across and down."""
TEXT_ENDS = """(element) => {
    const text = document.createRange();
    text.selectNodeContents(element);
    return text.getBoundingClientRect().right;
}"""


def sheets(page):
    """The size of each sheet that the page is printed on."""
    pdf = page.pdf(prefer_css_page_size=True)
    boxes = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", pdf)
    return [(round(float(across)), round(float(down))) for across, down in boxes]


def test_the_licence_position_is_one_sheet_of_a4_and_more_of_a_large_estate(page, estate, sign_in):
    for number in range(9):
        make_single_user(account=estate.account, name=f"Site laptop {number}")
    sign_in(page, estate.owner)

    page.goto("/licence-position/")

    assert estate.account.licences.count() == 15
    assert sheets(page) == [A4]
    page.emulate_media(media="print")
    assert not page.get_by_role("navigation").is_visible()
    assert page.locator(".sign-here").is_visible()

    for number in range(30):  # so the above can fail
        make_pool(1, account=estate.account, name=f"Pool {number}")
    page.reload()

    assert len(sheets(page)) > 1


def test_use_is_a_report_that_says_whose_and_when(page, estate, sign_in):
    sign_in(page, estate.owner)
    page.goto("/usage/")
    assert not page.locator(".on-paper").is_visible()

    page.emulate_media(media="print")
    page.set_viewport_size({"width": 688, "height": 972})  # A4 within its margins

    assert estate.account.name in page.locator(".on-paper").inner_text()
    assert not page.locator(".filters, .chips, .export-menu").filter(visible=True).count()
    assert page.locator("#people thead").is_visible()  # rows are no cards there
    assert page.evaluate("document.documentElement.scrollWidth") <= 688

    page.goto("/usage/denials/?only=true")

    assert "Only true denials" in page.locator(".on-paper").inner_text()
    assert not page.locator(".filters, .chips, .actions").filter(visible=True).count()
    assert page.evaluate("document.documentElement.scrollWidth") <= 688


def test_lists_lie_across_and_each_sheet_says_whose_they_are(page, estate, sign_in):
    make_session(make_pool(account=estate.account), make_client(username="x" * 255))
    sign_in(page, estate.owner)
    for address in ("/sessions/", "/usage/denials/", "/licences/", "/audit/"):
        page.goto(address)

        assert set(sheets(page)) == {A4[::-1]}

        page.emulate_media(media="print")
        page.set_viewport_size({"width": 1032, "height": 703})  # A4 across within its margins
        assert page.evaluate("document.documentElement.scrollWidth") <= 1032
        assert estate.account.name in page.locator(".paper-head").inner_text()
        assert (
            not page.locator(".actions, .filters, .chips, .cell-action")
            .filter(visible=True)
            .count()
        )
        page.emulate_media(media="null")
        assert not page.locator(".paper-head").is_visible()


def test_the_audit_log_is_a_table_on_paper(page, estate, sign_in):
    sign_in(page, estate.owner)
    page.goto("/audit/?days=90")
    lines, table = page.locator(".audit-line"), page.locator("table.on-paper")
    assert lines.first.is_visible()
    assert not table.is_visible()

    page.emulate_media(media="print")
    page.set_viewport_size({"width": 1032, "height": 703})

    assert not lines.first.is_visible()
    assert table.locator("thead").is_visible()  # which the printer repeats
    assert table.locator("tbody tr").count() == lines.count()
    assert table.evaluate("element => getComputedStyle(element).display") == "table"
    row = table.locator("tbody tr").first
    ends = row.locator("time").evaluate(TEXT_ENDS)
    assert ends <= row.locator(".cell-wide").first.bounding_box()["x"]
