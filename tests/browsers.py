"""A browser of tests that sends along what every page has its forms and scripts send."""

from __future__ import annotations

import copy
import re
from contextvars import ContextVar
from types import SimpleNamespace

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.test import Client

from portal.acts import Foretold
from portal.models import Membership, User
from portal.sent import page_marks
from portal.sign_in import ways_in
from portal.views.acts import Act

FRAGMENT = "HTTP_X_REQUESTED_WITH"


MARK = re.compile(rb'data-mark="([\d-]+)"')


has_just_read: ContextVar[bool] = ContextVar("has_just_read", default=False)
"""Whether who sends a form has the page of its act as it is now, and need not say what it said."""


def was_read(act, fingerprints):
    """Whether the page of an act was read; product/test_acts_are_read.py sends what pages say."""
    if has_just_read.get() and not fingerprints:
        return True
    return Foretold.was_read(act, fingerprints)


Act.was_read = was_read


class Browser(Client):
    """Sends the mark of the page that was opened last, or else of one that is opened now.

    A test may say another.
    """

    seen = ""

    def __deepcopy__(self, memo):
        """Another window with the same cookies."""
        twin = type(self)()
        twin.cookies = copy.deepcopy(self.cookies)
        return twin

    def request(self, **request):
        is_read = request.get("REQUEST_METHOD", "GET") in ("GET", "HEAD")
        if (not is_read or FRAGMENT in request) and page_marks.HEADER not in request:
            request[page_marks.HEADER] = self.seen or self.mark()
        response = super().request(**request)
        shown = None if response.streaming else MARK.search(response.content)
        self.seen = shown[1].decode() if shown and is_read else ""
        return response

    def post(self, path, data=None, *args, **how):
        """Send a form; of an act, as it is now unless the test says what was read."""
        reading = has_just_read.set(True)
        try:
            return super().post(path, {} if data is None else data, *args, **how)
        finally:
            has_just_read.reset(reading)

    def mark(self):
        """The mark that a page which is opened now would have; nothing without an account."""
        if settings.SESSION_COOKIE_NAME not in self.cookies:
            return ""
        session = self.session
        if SESSION_KEY not in session:
            return ""
        held = Membership.objects.filter(user=session[SESSION_KEY]).values_list("account", "user")
        if len(pairs := list(held)) == 1:
            return str(page_marks.Mark(*pairs[0]))
        person = User.objects.get(pk=session[SESSION_KEY])
        standing = ways_in.standing_of(SimpleNamespace(user=person, session=session))
        membership = standing and standing.membership
        return str(page_marks.of_page(SimpleNamespace(membership=membership)) or "")
