"""Private files in S3, or in what speaks as it does; read only where PRIVATE_FILES names one."""

from __future__ import annotations

import errno
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Timer
from typing import Any

from boto3.exceptions import Boto3Error
from botocore.exceptions import BotoCoreError, ClientError
from django.core.files import File
from storages.backends.s3 import S3Storage

LEFT_FOR = 60
"""Seconds for which a fetched file is left where the web server may still be opening it."""


class PrivateBucket(S3Storage):
    """A bucket that nobody reads but the product, which looks each time who asks.

    What goes wrong there is an OSError, as it is with a disk.
    """

    def get_default_settings(self) -> dict[str, Any]:
        """Its library's, with nothing public, and a name for one file alone."""
        ours = {"default_acl": "private", "file_overwrite": True, "querystring_auth": True}
        return super().get_default_settings() | ours

    def url(self, *args: Any, **kwargs: Any) -> str:
        """Raise: no file has an address of its own."""
        raise NotImplementedError("Private files are handed out by the product alone.")

    def _open(self, name: str, mode: str = "rb") -> File[bytes]:
        with told_as_of_a_disk(), tempfile.NamedTemporaryFile(delete=False) as file:
            self.bucket.download_fileobj(self._normalize_name(name), file)
        return Fetched(Path(file.name).open("rb"), file.name)

    def _save(self, name: str, content: File[Any]) -> str:
        with told_as_of_a_disk():
            saved: str = super()._save(name, content)
        return saved

    def exists(self, name: str) -> bool:
        """Whether the file is there."""
        with told_as_of_a_disk():
            found: bool = super().exists(name)
        return found

    def delete(self, name: str) -> None:
        """Take the file away."""
        with told_as_of_a_disk():
            super().delete(name)


class Fetched(File):  # type: ignore[type-arg] # no generic when it runs
    """A file of the bucket on this machine's disk, for as long as it takes to hand it out."""

    def close(self) -> None:
        """Leave it to the web server, which opens it by its name, for a moment yet."""
        super().close()
        leaving = Timer(LEFT_FOR, Path(str(self.name)).unlink, kwargs={"missing_ok": True})
        leaving.daemon = True
        leaving.start()


@contextmanager
def told_as_of_a_disk() -> Iterator[None]:
    """Raise OSError, with no more than the kind of what went wrong."""
    try:
        yield
    except ClientError as error:
        raise OSError(errno.EIO, f"S3: {error.response['Error']['Code']}") from error
    except (Boto3Error, BotoCoreError) as error:
        raise OSError(errno.EIO, f"S3: {type(error).__name__}") from error
