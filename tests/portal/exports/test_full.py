"""Everything of an account goes into one file, without secrets, and is read back in elsewhere."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from pathlib import Path

import pytest

from licensing import devices, emergency_seats, keys, licences, planned_seats, rules, sessions
from licensing.errors import AlreadyDone, InvalidOperation
from licensing.models import AccessRule, Account, Device, Licence, ProductKey
from licensing.models.licences import LicenceState
from licensing.rules import NewRule
from portal.exports import full, made_anew, reading_back
from portal.licences import notes, tags
from portal.models import Invitation, Role
from portal.people import invitations
from tests.factories import (
    TESTER,
    AccountFactory,
    MembershipFactory,
    days_from_today,
    make_client,
    make_pool,
    make_session,
    make_single_user,
)
from tests.kept import kept

pytestmark = pytest.mark.django_db


@kept
def account():
    """One with something of each kind that is brought, and of some that are not."""
    account = AccountFactory(name="Brook & Co", time_zone="Europe/Berlin", works_on=[0, 1, 6])
    MembershipFactory(account=account, role=Role.OWNER)
    invitations.invite(account, "tom@example.com", Role.VIEWER, by=TESTER)
    pool = make_pool(name="=Planners", account=account, features=["bim", "4d:3"], keys=["A", "B"])
    make_session(pool)
    rules.add(account, NewRule(licence=pool.licence, username="joe"), by=TESTER, reason="Left")
    rules.lift(rules.add(account, NewRule(username="ann"), by=TESTER), by=TESTER)
    notes.write(pool.licence, contact_name="Tom", contact_email="", text="Ask", by=TESTER)
    tags.change([pool.licence], add=["London"], by=TESTER)
    single = make_single_user(name="Laptop", account=account)
    sessions.check_out(single, make_client(machine_name="LAP-1"))
    keys.revoke(single, by=TESTER)
    licences.set_state(single.licence, LicenceState.SUSPENDED, by=TESTER)
    return account


def exported(account) -> io.BytesIO:
    file = io.BytesIO()
    full.write(file, account)
    return file


def changed(
    file: io.BytesIO, counts: dict[str, int] | None = None, **kinds: list[str]
) -> io.BytesIO:
    """The export with other lines, and a manifest that counts them, or says these counts."""
    made = io.BytesIO()
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(made, "w") as new:
        manifest = json.loads(old.read("manifest.json"))
        for kind in full.KINDS:
            lines = old.read(f"{kind}.jsonl").decode().splitlines()
            lines = kinds.get(kind, lines)
            manifest["counts"][kind] = len(lines)
            new.writestr(f"{kind}.jsonl", "".join(f"{line}\n" for line in lines))
        manifest["counts"] |= counts or {}
        new.writestr("manifest.json", json.dumps(manifest))
    return made


def line_of(file: io.BytesIO, kind: str, **other: object) -> str:
    """The first line of a kind, some of it otherwise."""
    with zipfile.ZipFile(file) as archive:
        first = archive.read(f"{kind}.jsonl").decode().splitlines()[0]
    return json.dumps(json.loads(first) | other)


def test_both_forms_of_a_kind_have_the_same_rows(account):
    with zipfile.ZipFile(exported(account)) as archive:
        manifest = json.loads(archive.read("manifest.json"))
        for kind in full.KINDS:
            lines = archive.read(f"{kind}.jsonl").decode().splitlines()
            table = list(csv.reader(io.StringIO(archive.read(f"{kind}.csv").decode("utf-8-sig"))))

            assert len(lines) == len(table) - 1 == manifest["counts"][kind]
            assert [list(json.loads(line)) for line in lines] == [table[0]] * len(lines)
        licences = archive.read("licences.csv").decode("utf-8-sig")

    assert '"\'=Planners"' in licences
    assert manifest["counts"]["sessions"] == 2


def test_only_one_account_is_in_it_and_no_secret():
    pool, other = make_pool(), make_pool(name="Somebody else's")
    make_session(other)
    invitation = invitations.invite(pool.account, "tom@example.com", Role.OWNER, by=TESTER)
    licence = pool.licence

    with zipfile.ZipFile(exported(licence.account)) as archive:
        everything = b"".join(archive.read(name) for name in archive.namelist()).decode()

    assert pool.serial_number in everything
    for secret in (pool.plain, invitation.code, "Somebody else's", other.serial_number):
        assert secret not in everything


def test_every_column_is_documented():
    documented = Path("docs/export.md").read_text(encoding="utf-8")
    for kind, of in full.KINDS.items():
        row = next(line for line in documented.splitlines() if line.startswith(f"| `{kind}` |"))
        told = row.rsplit("|", 2)[1]
        assert [word for word in of.columns if f"`{word}`" not in told] == []


def test_it_is_made_anew_as_it_was(account):
    file = exported(account)

    reading = reading_back.plan(file, name="Brook here")
    new = made_anew.make(reading, Account(), by=TESTER, reason="Moved here")

    assert reading.problems == []
    assert (new.time_zone, new.works_on) == ("Europe/Berlin", [0, 1, 6])
    assert facts_of(new) == facts_of(account)
    assert not set(serials(new)) & set(serials(account))
    assert [rule.reason for rule in new.access_rules.all()] == ["Left"]
    assert Device.objects.bound().get(licence__account=new).machine_name == "LAP-1"
    assert sorted(new.invitations.values_list("email", "role")) == sorted(
        [(account.memberships.get().user.email, "owner"), ("tom@example.com", "viewer")]
    )
    assert reading.left["sessions"] == 2
    assert (reading.left["keys"], reading.left["rules"]) == (1, 1)


def facts_of(account):
    return [
        (
            one.name,
            one.product_id,
            one.seats,
            one.usage_model,
            one.state,
            one.grace_period,
            one.reclaim_after,
            one.seat_rows.count(),
            sorted(included.as_ordered() for included in one.licence_features.all()),
            [tag.name for tag in one.tags.all()],
            notes.of(one).text,
        )
        for one in account.licences.order_by("pk")
    ]


def serials(account):
    return ProductKey.objects.filter(account=account).values_list("serial_number", flat=True)


def test_nothing_is_made_twice(account):
    reading = reading_back.plan(exported(account))

    assert "There is an account called Brook & Co already" in str(reading.problems[0])
    with pytest.raises(InvalidOperation, match="1 rows of the export are not right"):
        made_anew.make(reading, Account(), by=TESTER, reason="Again")

    assert Account.objects.count() == 1


def test_between_looking_and_making_somebody_opens_the_account(account):
    reading = reading_back.plan(exported(account), name="New")
    AccountFactory(name="NEW")

    with pytest.raises(AlreadyDone):
        made_anew.make(reading, Account(), by=TESTER, reason="Late")


NOTHING_ELSE: dict[str, list[str]] = {
    kind: [] for kind in ("features", "keys", "devices", "rules", "notes", "tags")
}
LICENCE_FAULTS: list[tuple[dict[str, object], str]] = [
    ({"seats": "ten"}, "Expected `int`"),
    ({"seats": 0}, "between 1 and 100,000 seats"),
    ({"seats": 10**9}, "between 1 and 100,000 seats"),
    ({"product": "excel"}, "There is no product 'excel'"),
    ({"name": " "}, "1 to 100 characters"),
    ({"name": "a\u2028b"}, "Write one line"),
    ({"grace_period": 0}, "longer than nothing"),
    ({"ends_on": "2000-01-01", "starts_on": "2001-01-01"}, "before it starts"),
    ({"state": "lost"}, "Invalid enum value"),
    ({"id": None}, "Expected `int`"),
    ({"id": 1}, "is in the export twice"),
]


def test_ten_thousand_rows_with_every_kind_of_fault(account):
    file = exported(account)
    good = json.loads(line_of(file, "licences"))
    faults = [LICENCE_FAULTS[number % len(LICENCE_FAULTS)] for number in range(10_000)]
    rows = [good | {"id": -number} | fault for number, (fault, _why) in enumerate(faults)]
    first = json.dumps(good | {"id": 1})
    lines = [first, *map(json.dumps, rows), "no JSON"]

    reading = reading_back.plan(changed(file, licences=lines, **NOTHING_ELSE), name="Here")

    assert [one.line for one in reading.problems] == [*range(2, 10_003)]
    for problem, (_fault, why) in zip(reading.problems, [*faults, ({}, "malformed")], strict=True):
        assert why in problem.words
    with pytest.raises(InvalidOperation, match="10001 rows"):
        made_anew.make(reading, Account(), by=TESTER, reason="Broken")
    assert Account.objects.count() == 1


FAULTS = [
    ("account", {"time_zone": "Mars/Base"}, "no time zone called"),
    ("account", {"works_on": []}, "works_on: "),
    ("features", {"licence": 0}, "no licence 0 here"),
    ("features", {"feature": "dance"}, "has no feature dance here"),
    ("features", {"seats": 99}, "can't be for 99 people"),
    ("keys", {"label": "x" * 101}, "100 characters at most"),
    ("devices", {"machine_name": "a\nb"}, "Write one line"),
    ("rules", {"licence": 0}, "no licence 0 here"),
    ("rules", {"username": "x" * 256}, "too long"),
    ("people", {"email": "nobody"}, "nobody"),
    ("people", {"role": "king"}, "Invalid enum value"),
    ("notes", {"licence": 0}, "no licence 0 here"),
    ("tags", {"name": " "}, "A tag has a name"),
]


def test_each_kind_says_what_is_wrong_with_it(account):
    file = exported(account)
    for kind, other, why in FAULTS:
        broken = changed(file, **{kind: [line_of(file, kind, **other)]})

        problems = [str(one) for one in reading_back.plan(broken, name="Here").problems]

        assert len(problems) == 1, (kind, other, problems)
        assert problems[0].startswith(f"{kind}.jsonl, line 1: ")
        assert why in problems[0]


def test_what_is_no_export_is_refused(account):
    damaged = io.BytesIO(exported(account).getvalue()[:-100])
    without = changed(exported(account), account=[])
    fewer = changed(exported(account), counts={"keys": 99})
    other = io.BytesIO()
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("manifest.json", '{"format": "other/1"}')
    for file, why in [
        (io.BytesIO(b"x"), "no export of an account"),
        (damaged, "damaged"),
        (fewer, "damaged: of keys it has 3 rows, and should have 99"),
        (other, "no export of the format"),
        (without, "of one account"),
    ]:
        with pytest.raises(InvalidOperation, match=why):
            reading_back.plan(file)


def test_a_bound_device_has_a_seat():
    single = make_single_user(2)
    for machine in ("LAP-1", "LAP-2"):
        devices.take_over(single.licence, machine_name=machine, username="joe")
    file = exported(single.account)
    third = line_of(file, "devices", machine_name="LAP-3")
    with zipfile.ZipFile(file) as archive:
        two = archive.read("devices.jsonl").decode().splitlines()

    [problem] = reading_back.plan(changed(file, devices=[*two, third]), name="Here").problems

    assert "has no seat left for LAP-3" in problem.words
    assert Licence.objects.count() == 1
    assert not AccessRule.objects.exists()
    assert not Invitation.objects.exists()


def test_emergency_seats_do_not_become_seats_for_good():
    licence = make_pool(10).licence
    emergency_seats.give(licence, 2, hours=4, by=TESTER)
    planned_seats.plan(licence, 12, on=days_from_today(5), by=TESTER)

    reading = reading_back.plan(exported(licence.account), name="Elsewhere")
    made_anew.make(reading, Account(), by=TESTER, reason="Moved")

    assert Licence.objects.get(account__name="Elsewhere").seats == 10
