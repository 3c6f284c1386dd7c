"""Acts that take a file: it is checked first, and carried to the page on which it is confirmed."""

from __future__ import annotations

import base64
import binascii
import zlib
from collections.abc import Iterator, Sequence
from typing import Any, ClassVar

from django import forms

from portal.acts import NotReady
from support.acts.records import RecordForm
from support.words import number_of

MOST_TOLD = 1000
"""So many lines of a kind are told; what is made is all."""
KEPT = "The file that was chosen is kept: check it again, or choose another."


class FileForm(RecordForm):
    """A customer's file, and why.

    On the page that checks it the file is carried along, so that what is done is what was shown;
    and on the form that says what is wrong with it, for no browser sends it again.
    """

    most_bytes: ClassVar[int] = 256 * 1024
    none_as_long: ClassVar[str] = "no such file is as long"
    lost: ClassVar[str] = "The file was lost on the way: choose it again."

    file = forms.FileField(error_messages={"required": "Choose the customer's file."})
    carried_list = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["file"].required = not self.data.get("carried_list")

    def clean(self) -> dict[str, Any]:
        asked = super().clean() or {}
        file, carried = asked.pop("file", None), asked.pop("carried_list", "")
        if "file" not in self.errors:
            self.take(asked, "content", "file", file, carried)
        return asked

    def take(self, asked: dict[str, Any], name: str, field: str, file: Any, carried: str) -> None:
        """Give the act under this name what is in a field's file, if that is not too large."""
        if file is not None and file.size > self.most_bytes:
            size = self.most_bytes // 1024
            self.add_error(field, f"The file is larger than {size:,} KB: {self.none_as_long}.")
            return
        asked[name] = file.read() if file else self.unpacked(carried)
        self[field].help_text = f"{KEPT} {self[field].help_text}"

    def unpacked(self, carried: str) -> bytes:
        """The file as it was carried."""
        try:
            packed = base64.b64decode(carried, validate=True)
            return zlib.decompressobj().decompress(packed, self.most_bytes)
        except (binascii.Error, zlib.error):
            raise forms.ValidationError(self.lost) from None

    def packed(self, name: str = "content") -> str:
        """A file to be carried."""
        return base64.b64encode(zlib.compress(self.cleaned_data[name])).decode()

    @property
    def kept(self) -> Sequence[tuple[str, Any]]:  # type: ignore[override]
        is_read = "content" in getattr(self, "cleaned_data", ())
        return [("carried_list", self.packed())] if is_read else []

    def carried(self) -> Iterator[tuple[str, Any]]:
        for field in self.asking():
            is_of_file = isinstance(field.field, forms.FileField) or "carried" in field.name
            if not is_of_file and field.value() not in (None, ""):
                yield field.html_name, field.value()
        yield from self.kept


def and_more(number: int, noun: str) -> list[str]:
    """How many there are beyond those that a page tells."""
    return [f"… and {number - MOST_TOLD:,} more {noun}."] if number > MOST_TOLD else []


def nothing_new(noun: str, there_already: int, left: list[str]) -> NotReady:
    """That a file would make nothing: what it has is there already, or has no counterpart."""
    there = number_of(there_already, f"{noun} of the file is", f"{noun}s of the file are")
    return NotReady(f"There is nothing to make: {there} there already.", [], left)


def not_right(
    noun: str, problems: Sequence[object], right: list[str], *, mend: str = "the file"
) -> NotReady:
    """That nothing was made of a file, with every ``noun`` of it that is not right and with those
    that are."""
    count = number_of(len(problems), f"{noun} is", f"{noun}s are")
    cure = f" Mend {mend} and choose it again." if mend else ""
    told = [*map(str, problems[:MOST_TOLD])]
    told += and_more(len(problems), f"{noun}s that are not right")
    refused = f"Nothing was made: {count} not right.{cure}"
    return NotReady(refused, told, right)
