"""Every mail arrives: as mail programs want it, with links that survive whoever opens them first.

Scanners of mail servers ask for each address of a mail, by HEAD and GET, before anybody reads it.
"""

from __future__ import annotations

import datetime as dt
import re
from html import unescape

import pytest
from django.core.files.base import ContentFile
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone
from django.utils.html import strip_tags

from portal.models import Export, Role
from tests.factories import MembershipFactory, UserFactory
from tests.people import signed_in
from tests.product import mail_causes
from tests.product.mail_causes import CAUSES

LINK = re.compile(r"https?://[^\s\"<]+")
USED_UP = {"over", "used", "ended", "cancelled", "done", True}
"""What pages say of themselves once their link does nothing any more."""


def html_of(mail):
    [(html, _kind)] = mail.alternatives
    return html


def words(text):
    """The words of a text, without addresses and what is said of them."""
    text = LINK.sub("", text).replace("Or open this address:", "").replace("Or open this:", "")
    return set(re.findall(r"[^\s:]+", text))


def content(html):
    """What a reader of the HTML part reads between brand and foot."""
    inside = html.partition('class="content">')[2].partition('<tr><td class="foot">')[0]
    return unescape(strip_tags(re.sub(r"\s+", " ", inside).replace("<br>", " ")))


WRITTEN = """
SELECT COALESCE(sum(n_tup_ins + n_tup_upd + n_tup_del), 0) FROM pg_stat_xact_user_tables
WHERE relname <> 'django_session'
"""


def written():
    """How many rows this test has written so far, whatever became of them; but for sessions."""
    with connection.cursor() as cursor:
        return cursor.execute(WRITTEN).fetchone()[0]


@pytest.fixture
def user(account):
    return MembershipFactory(
        account=account, role=Role.OWNER, user=UserFactory(email="rea@example.com")
    ).user


@pytest.fixture
def mails(account, user, mailoutbox, monkeypatch):
    """Every mail of the product, one cause after the other; nothing of it stays."""
    monkeypatch.setattr(mail_causes, "SOON", timezone.now() + dt.timedelta(days=2))

    def each():
        for name, cause in CAUSES.items():
            with transaction.atomic():
                cause(account, user)
                for export in Export.objects.filter(failed_at=None):
                    export.file.save("rows.csv", ContentFile(b"rows"))
                for mail in mailoutbox:
                    yield name, mail
                mailoutbox.clear()
                transaction.set_rollback(True)

    return each


def test_each_is_as_mail_programs_want_it_and_says_the_same_in_both_parts(mails):
    for name, mail in mails():
        html, plain = html_of(mail), mail.body.rpartition("\n--\n")[0]

        assert mail.extra_headers["Auto-Submitted"] == "auto-generated", name
        assert 'width="600"' in html, name
        assert "prefers-color-scheme: dark" in html, name
        assert not re.search(r"<img|url\(|@import|<link|src=", html), name
        assert set(LINK.findall(html)) == set(LINK.findall(mail.body)), name
        assert words(content(html)) - words(mail.subject) == words(plain) - words(mail.subject), (
            name
        )


def test_links_survive_a_scanner(mails, user):
    """It opens each link twice: nothing happens by that, and whoever the mail is for is let in."""
    links, browser = 0, signed_in(user)
    for name, mail in mails():
        for link in dict.fromkeys(LINK.findall(mail.body)):
            links, path, before = links + 1, link.removeprefix("http://testserver"), written()
            for method in ("head", "get"):
                getattr(Client(), method)(path, follow=True)
            assert written() == before, name

            page = browser.get(path, follow=True)
            page.getvalue()  # of a file, too: it is closed when it was read
            assert page.status_code == 200, (name, link)
            assert not USED_UP & set(in_context(page, "state", "token_fail")), (name, link)

    assert links > len(CAUSES) / 2


def in_context(page, *names):
    """What the page was told under these names."""
    return [page.context[name] for name in names if page.context and name in page.context]
