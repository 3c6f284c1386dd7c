"""Values: what belongs together, by names, and does not change once it is made.

``dataclasses`` gives the same, but loads ``inspect`` and compiles code for every class: a fifth of
the time in which a program opens. These classes share the few methods that they need.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, cast, dataclass_transform


class Maker:
    """What stands in a class where each value gets a default of its own."""

    def __init__(self, make: Callable[[], Any]) -> None:
        self.make = make


def made_by[T](make: Callable[[], T]) -> T:
    """A default that is made for each value anew, such as an empty ``dict``."""
    return cast(T, Maker(make))


@dataclass_transform(frozen_default=True)
class Value:
    """A class of values names its fields, with their types and defaults, and has no other code
    for them. Those that are ``secret`` are not shown where a value is."""

    fields: ClassVar[tuple[str, ...]] = ()
    in_order: ClassVar[tuple[str, ...]] = ()
    defaults: ClassVar[dict[str, Any]] = {}
    secret: ClassVar[tuple[str, ...]] = ()

    def __init_subclass__(cls, *, secret: tuple[str, ...] = (), kw_only: bool = False) -> None:
        cls.fields = tuple(cls.__annotations__)
        cls.in_order = () if kw_only else cls.fields
        cls.defaults = {name: getattr(cls, name) for name in cls.fields if hasattr(cls, name)}
        cls.secret = secret

    def __init__(self, *values: Any, **named: Any) -> None:
        given = self.defaults | dict(zip(self.in_order, values, strict=False)) | named
        if given.keys() != set(self.fields) or len(values) > len(self.in_order):
            raise TypeError(f"{type(self).__name__} is made of {', '.join(self.fields)}.")
        for name in self.fields:
            value = given[name]
            vars(self)[name] = value.make() if isinstance(value, Maker) else value

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"{type(self).__name__} does not change: see replace().")

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and vars(other) == vars(self)

    def __repr__(self) -> str:
        shown = [f"{name}={vars(self)[name]!r}" for name in self.fields if name not in self.secret]
        return f"{type(self).__name__}({', '.join(shown)})"


def replace[V: Value](value: V, **changes: Any) -> V:
    """The same value but for these fields."""
    return type(value)(**vars(value) | changes)
