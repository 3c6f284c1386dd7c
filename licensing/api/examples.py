"""Examples of what goes in and out, for the readers of the API's description."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.utils.text import format_lazy

from licensing import errors
from licensing.api.documents import CheckOutRequest, FieldProblem, LicencePart, SessionDocument

AT = dt.datetime(2026, 11, 24, 14, 5, tzinfo=dt.UTC)
SESSION_ID = uuid.UUID("0190d7a4-5b1c-4f6e-9a57-3f6f2f1c8d10")
SESSION = SessionDocument(
    id=SESSION_ID,
    token="0190d7a45b1c4f6e9a573f6f2f1c8d10:Zr0…",  # noqa: S106
    state="active",
    usage_model="concurrent",
    licence=LicencePart(
        serial_number="7Q2X-4M8K-9D3T",
        name="London planners",
        product="asta-powerproject",
        ends_on=dt.date(2027, 1, 14),
    ),
    features=["4d", "bim"],
    refresh_after=300,
    grace_until=AT + dt.timedelta(hours=48),
    server_time=AT,
    lease="eyJhbGciOiJFZERTQSIsImtpZCI6Ii4uLiJ9.eyJzdWIiOiIuLi4ifQ.c2lnbmF0dXJl",
    message=None,
)
CHECK_OUT = CheckOutRequest(
    serial_number="7Q2X-4M8K-9D3T",
    product_key="ABCDE-FGHJK-MNPQR-STVWX-YZ012-34567",
    machine_name="CAD-017",
    username="ACME\\jsmith",
    product="asta-powerproject",
    os_session="3",
    version="16.0.02",
    features=["bim"],
    session_id=str(SESSION_ID),
)
KEY_SET: dict[str, Any] = {
    "keys": [
        {
            "kty": "OKP",
            "crv": "Ed25519",
            "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
            "use": "sig",
            "alg": "EdDSA",
            "kid": "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k",
        }
    ]
}
CONTACT = {"contact": "Ask Priya Shah, extension 204."}
EXAMPLES: dict[type[errors.LicensingError], list[errors.LicensingError]] = {
    errors.RequestInvalid: [
        errors.RequestInvalid(
            errors=[FieldProblem(pointer="/machine_name", detail="This is missing.")]
        )
    ],
    errors.LicenceNotStarted: [errors.LicenceNotStarted(starts_on=dt.date(2027, 3, 1), **CONTACT)],
    errors.LicenceExpired: [errors.LicenceExpired(ends_on=dt.date(2026, 11, 20), **CONTACT)],
    errors.VersionNotSupported: [errors.VersionNotSupported(minimum_version="16")],
    errors.FeatureNotLicensed: [errors.FeatureNotLicensed(features=["bim"], **CONTACT)],
    errors.PoolExhausted: [
        errors.PoolExhausted(
            scope="licence",
            features=[],
            seats=10,
            in_use=10,
            next_reclaim_at=AT + dt.timedelta(hours=20),
            holders=["ACME\\mpatel", "ACME\\l.okoro"],
            **CONTACT,
        ),
        errors.PoolExhausted(
            format_lazy(errors.PoolExhausted.of_features, features="BIM"),
            scope="feature",
            features=["bim"],
            seats=2,
            in_use=2,
            next_reclaim_at=None,
        ),
    ],
    errors.DeviceLimit: [errors.DeviceLimit(devices=["CAD-003"])],
    errors.MoveLimit: [errors.MoveLimit(next_move_at=AT + dt.timedelta(days=9))],
    errors.SessionReleased: [errors.SessionReleased(ended_at=AT - dt.timedelta(minutes=4))],
    errors.SessionEnded: [
        errors.SessionEnded(reason="closed", ended_at=AT - dt.timedelta(minutes=4))
    ],
}
"""What problem documents look like; other codes add nothing."""
