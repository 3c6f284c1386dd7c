"""An import is told to webhooks once, with the way to what it made."""

from __future__ import annotations

import json

from licensing import alm
from portal.models import WebhookDelivery
from portal.telling import fan_out
from portal.webhooks.documents import body_of
from tests.factories import PUBLIC, TESTER
from tests.portal.webhooks.made import make_hook

LIST = b"server,product,licences\n" + b"".join(b"S%d,asta-powerproject,2\n" % n for n in range(30))


def test_thirty_licences_are_one_message_to_who_wants_licences_too(account):
    hooks = {
        event: make_hook(account, PUBLIC, event)
        for event in ("import.done", "licence.issued", "licence.renamed")
    }
    alm.carry_out(alm.plan(account.name, LIST), by=TESTER, reason="The move")
    fan_out.tell()

    told = WebhookDelivery.objects.filter(entry__isnull=False, event__startswith="import")
    assert sorted(told.values_list("webhook", "event")) == sorted(
        (hooks[wanted].pk, "import.done") for wanted in ("import.done", "licence.issued")
    )
    assert not WebhookDelivery.objects.filter(event="licence.issued").exists()
    data = json.loads(body_of(told.first()))["data"]
    began = account.audit_entries.get(action="import_began").number
    assert data["details"] == {"source": "alm", "began": began, "made": 30, "failed": 0}
    assert data["parts"].endswith(f"/api/v1/account/audit?part_of={began}")
