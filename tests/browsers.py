"""A browser of tests that sends along what every page has its forms and scripts send."""

from __future__ import annotations

import copy
import re
from types import SimpleNamespace

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.test import Client

from portal.models import Membership, User
from portal.sent import page_marks
from portal.sign_in import ways_in

FRAGMENT = "HTTP_X_REQUESTED_WITH"


MARK = re.compile(rb'data-mark="([\d-]+)"')


def is_unread(response):
    """Whether an act was not done only because it was sent without what its page said."""
    if response.status_code != 422 or "seen" not in (response.context or {}):
        return False
    form = response.context["form"]
    return form is not None and set(form.errors) == {"__all__"}


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
        """Send a form; of an act, what its page said goes along unless the test says otherwise."""
        data = {} if data is None else data
        response = super().post(path, data, *args, **how)
        if isinstance(data, dict) and "seen" not in data and is_unread(response):
            return super().post(path, data | {"seen": response.context["seen"]}, *args, **how)
        return response

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
