"""Where files are kept: static ones, and those that only their owner may fetch."""

from __future__ import annotations

import re
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

from whitenoise.compress import Compressor

from config.values import SCHEME, Unsuitable, own_folder

NOT_COMPRESSED = (*Compressor.SKIP_COMPRESS_EXTENSIONS, "map")
"""Maps of scripts are for who debugs them: compressing these took longer than all the others."""

ON_DISK = "django.core.files.storage.FileSystemStorage"
BUCKET = re.compile(r"s3://(?P<name>[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:/(?P<folder>[\w./-]*))?")


class Bucket(NamedTuple):
    """A bucket of S3, or of what speaks as it does, and a folder in it."""

    name: str
    folder: str


def private_files(text: str) -> Path | Bucket:
    """A folder of ours, or a bucket; raise Unsuitable too where what asks it is not installed."""
    if not SCHEME.match(text):
        return own_folder(text)
    if not (found := BUCKET.fullmatch(text)):
        raise Unsuitable(
            "must be a folder, or a bucket such as s3://licensing-files/exports; "
            "other stores are reached by what they have of S3."
        )
    if find_spec("storages") is None or find_spec("boto3") is None:
        raise Unsuitable('needs the extra "s3": django-storages[s3].')
    return Bucket(found["name"], (found["folder"] or "").strip("/"))


def settings(private: Path | Bucket, *, testing: bool) -> dict[str, Any]:
    """``STORAGES``. Static files have hashed names, compressed once; tests use plain names, for a
    clone has no manifest."""
    static = (
        "django.contrib.staticfiles.storage.StaticFilesStorage"
        if testing
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    )
    return {
        "default": {"BACKEND": ON_DISK},
        "private": in_bucket(private) if isinstance(private, Bucket) else in_folder(private),
        "staticfiles": {"BACKEND": static},
    }


def in_folder(folder: Path) -> dict[str, Any]:
    """Files that nobody else on the machine reads."""
    options = {"location": folder, "base_url": None, "file_permissions_mode": 0o600}
    return {"BACKEND": ON_DISK, "OPTIONS": options}


def in_bucket(bucket: Bucket) -> dict[str, Any]:
    """Files in a bucket. Its address, region and keys are what boto3 reads for itself."""
    options = {"bucket_name": bucket.name, "location": bucket.folder}
    return {"BACKEND": "config.bucket.PrivateBucket", "OPTIONS": options}
