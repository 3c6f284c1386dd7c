"""When encryption keys change: older ones can be retired, and a lost one is told in words."""

from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import BinaryField
from django.utils import timezone

from devstack import secrets
from licensing import encryption, keys
from licensing.models import AuditEntry, ProductKey
from portal.mail import deliveries
from portal.mail.transport import Text
from portal.models import Delivery, Protocol, SingleSignOn, User, Webhook
from portal.upkeep import encrypted
from portal.webhooks import hooks
from tests.factories import PASSWORD, TESTER, make_webhook
from tests.pages import said

NO_SECRETS = {
    "licensing.ProductKey.digest", "portal.ApiToken.digest", "portal.SecretAddress.digest",
    "support.RenewalCalendar.digest",
    "support.StaffToken.digest",
}  # fmt: skip


def new_key():
    return secrets.generate()["PRODUCT_KEY_ENCRYPTION_KEYS"]


@pytest.fixture
def everything(owner, account, pool):
    """A secret in each place, and what it is."""
    priya = User.objects.get(email="priya@example.com")
    app = TOTP.activate(priya, generate_totp_secret()).instance
    codes = RecoveryCodes.activate(priya)
    SingleSignOn.objects.create(
        account=account,
        protocol=Protocol.OPENID,
        issuer="https://id.example.com",
        client_id="portal",
        encrypted_secret=encryption.encrypt("hush"),
    )
    deliveries.keep("login_code", Text("Code", "ABCD", "ABCD"), to="priya@example.com")
    hooks.rotate(make_webhook(account), by=TESTER)
    return lambda: [
        *hooks.secrets_of(Webhook.objects.get(), timezone.now()),
        keys.reveal(pool_again(pool), by=TESTER),
        encryption.decrypt(bytes(SingleSignOn.objects.get().encrypted_secret)),
        encryption.decrypt(Authenticator.objects.get(pk=app.pk).data["secret"].encode()),
        RecoveryCodes(Authenticator.objects.get(pk=codes.instance.pk)).generate_codes(),
        encryption.decrypt(bytes(Delivery.objects.get().content)),
    ]


def pool_again(pool):
    return ProductKey.objects.get(pk=pool.pk)


@pytest.fixture
def lost(settings, everything):
    """The key is gone with which everything was encrypted."""
    settings.PRODUCT_KEY_ENCRYPTION_KEYS = [new_key()]


def test_every_binary_column_is_listed_or_holds_no_secret():
    found = {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if isinstance(field, BinaryField) and not model._meta.auto_created
    }
    listed = {f"{place.model._meta.label}.{place.column}" for place in encrypted.PLACES}

    assert found - listed == NO_SECRETS


def test_no_other_column_holds_anything_encrypted(everything):
    listed = {(place.model._meta.db_table, place.column) for place in encrypted.PLACES}

    assert set(columns_with_secrets()) == listed


def columns_with_secrets():
    """Where there is something that begins as everything does that Fernet encrypts."""
    columns = """
        SELECT table_name, column_name,
            CASE data_type WHEN 'bytea' THEN 'encode(%I, ''escape'')' ELSE '%I::text' END
        FROM information_schema.columns
        WHERE table_schema = 'public'
            AND data_type IN ('bytea', 'jsonb', 'text', 'character varying')
    """
    with connection.cursor() as cursor:
        cursor.execute(columns)
        for table, column, text in cursor.fetchall():
            value = text.replace("%I", f'"{column}"')
            cursor.execute(f"SELECT EXISTS (SELECT FROM \"{table}\" WHERE {value} LIKE '%gAAAAA%')")
            if cursor.fetchone() == (True,):
                yield table, column


def test_re_encrypted_secrets_need_the_first_key_alone(settings, everything, capsys):
    before, [old], new = everything(), settings.PRODUCT_KEY_ENCRYPTION_KEYS, new_key()
    settings.PRODUCT_KEY_ENCRYPTION_KEYS = [new, old]

    call_command("reencrypt")

    settings.PRODUCT_KEY_ENCRYPTION_KEYS = [new]
    assert everything() == before
    assert (
        "product keys: 1 looked at, 1 re-encrypted, 0 that no key opens" in capsys.readouterr().err
    )
    call_command("reencrypt")
    assert "product keys: 1 looked at, 0 re-encrypted" in capsys.readouterr().err


def test_a_secret_that_changed_meanwhile_is_kept(settings, everything, monkeypatch):
    new, old = new_key(), settings.PRODUCT_KEY_ENCRYPTION_KEYS[0]
    settings.PRODUCT_KEY_ENCRYPTION_KEYS = [new, old]
    [place] = [place for place in encrypted.PLACES if place.model is SingleSignOn]
    stale = list(encrypted.values(place))
    SingleSignOn.objects.update(encrypted_secret=encryption.encrypt("newer"))

    for pk, value in stale:
        encrypted.reencrypt_row(place, pk, value)

    assert encryption.decrypt(bytes(SingleSignOn.objects.get().encrypted_secret)) == "newer"


def test_secrets_that_no_key_opens_are_counted_and_fail_the_command(lost, capsys):
    with pytest.raises(CommandError, match="Secrets that no key opens: 7"):
        call_command("reencrypt")

    assert [len(encrypted.lost(place)) for place in encrypted.PLACES] == [1, 1, 2, 1, 1, 1]


@pytest.mark.parametrize("what", ["reveal", "deployment"])
def test_pages_that_show_a_lost_product_key_say_so(owner, pool, lost, what):
    Authenticator.objects.all().delete()
    owner.post("/accounts/reauthenticate/", {"password": PASSWORD})
    owner.raise_request_exception = False
    address, form = {
        "reveal": (f"/licences/{pool.licence_id}/keys/{pool.pk}/reveal/", {}),
        "deployment": (
            f"/licences/{pool.licence_id}/deployment/download/",
            {"key": pool.pk, "scope": "machine", "service_url": "https://a.example"},
        ),
    }[what]

    response = owner.post(address, form)

    assert response.status_code == 503
    assert "the service has lost the key that opens it" in response.text
    assert not AuditEntry.objects.filter(action="key_revealed").exists()


def test_a_lost_second_step_is_told_at_sign_in(client, lost):
    client.post("/accounts/login/", {"login": "priya@example.com", "password": PASSWORD})
    client.raise_request_exception = False

    response = client.post("/accounts/two-step/authenticate/", {"code": "123456"})

    assert response.status_code == 503
    assert "try a passkey or a code by e-mail" in response.text


def test_a_lost_client_secret_leaves_the_other_ways_in(client, account, lost):
    response = client.post(f"/accounts/single-sign-on/{account.pk}/login/")

    assert response["Location"] == "/single-sign-on/"
    [(_, text)] = said(response)
    assert text == "Single sign-on did not work. Try again, or sign in another way."


def test_an_operator_reads_which_setting_it_is(pool, lost, tmp_path):
    with pytest.raises(CommandError, match="PRODUCT_KEY_ENCRYPTION_KEYS"):
        call_command("deployment_files", pool.serial_number, str(tmp_path / "files"))
