import base64

from cryptography.fernet import Fernet

from devstack import secrets


def test_are_kept_and_given_again(tmp_path):
    file = tmp_path / "secrets.env"

    assert secrets.load(file) == secrets.load(file)


def test_are_readable_by_their_owner_only(tmp_path):
    file = tmp_path / "secrets.env"

    secrets.load(file)

    assert file.stat().st_mode & 0o777 == 0o600


def test_differ_between_demos(tmp_path):
    ours, theirs = secrets.load(tmp_path / "a"), secrets.load(tmp_path / "b")

    assert not set(ours.values()) & set(theirs.values())


def test_one_that_is_new_in_this_version_is_added_to_those_kept(tmp_path):
    file = tmp_path / "secrets.env"
    file.write_text("SECRET_KEY=kept=as it is\n")

    loaded = secrets.load(file)

    assert loaded["SECRET_KEY"] == "kept=as it is"
    assert loaded.keys() == secrets.generate().keys()
    assert secrets.load(file) == loaded


def test_have_the_form_their_readers_want():
    made = secrets.generate()

    Fernet(made["PRODUCT_KEY_ENCRYPTION_KEYS"])
    assert len(base64.urlsafe_b64decode(made["LEASE_SIGNING_KEYS"] + "=")) == 32
    assert "=" not in made["LEASE_SIGNING_KEYS"]
