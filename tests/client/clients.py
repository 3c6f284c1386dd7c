"""The client that the kit tries: the reference client, as it is or with one mistake in it.

Each is loaded from its sources, apart from the one that other tests import; from another folder,
it is a client that is installed there.
"""

from __future__ import annotations

import contextlib
import copy
import functools
import importlib
import importlib.machinery
import importlib.util
import sys
from dataclasses import dataclass
from pathlib import Path
from types import CodeType, ModuleType

FOLDER = Path(__file__).parents[2] / "client" / "cloud_licence"
PACKAGE = FOLDER.name
COLLECTIONS = (dict, list, set)


@dataclass(frozen=True)
class Mistake:
    """What somebody who writes a client does wrong.

    ``module`` of the reference client has ``right`` exactly once, and ``wrong`` takes its place.
    ``case`` of the kit's ``file`` shows it.
    """

    name: str
    file: str
    case: str
    module: str
    right: str
    wrong: str

    def code(self) -> CodeType:
        """The module with the mistake in it; raise ValueError if it cannot be made any more."""
        path = FOLDER / f"{self.module}.py"
        source = path.read_text(encoding="utf-8")
        if (found := source.count(self.right)) != 1:
            raise ValueError(f"{self.name}: {path.name} has this {found} times: {self.right!r}")
        return compile(source.replace(self.right, self.wrong), path, "exec")


class Client:
    """A client; while it is ``at_work`` its modules are found by their names: ``client.states``."""

    def __init__(self, mistake: Mistake | None = None, folder: Path = FOLDER) -> None:
        self.folder = folder
        self.changed = {mistake.module: mistake.code()} if mistake else {}
        self.modules: dict[str, ModuleType] = {}
        self.variables: dict[str, dict[str, object]] = {}

    def __getattr__(self, name: str) -> ModuleType:
        if name.startswith("_"):
            raise AttributeError(name)
        return importlib.import_module(f"{PACKAGE}.{name}")

    @contextlib.contextmanager
    def at_work(self):
        """Meanwhile this is the client that is imported."""
        others = taken_out()
        sys.modules.update(self.modules)
        sys.meta_path.insert(0, self)
        try:
            yield
        finally:
            sys.meta_path.remove(self)
            self.modules = taken_out()
            sys.modules.update(others)

    def begin_anew(self) -> None:
        """Forget what the modules remember, as a new process does."""
        for module, variables in self.variables.items():
            names = vars(sys.modules[module])
            for name, value in variables.items():
                names[name] = put_back(names[name], value)

    def find_spec(self, name: str, path=None, target=None):
        """Where Python finds a module of the package."""
        if not is_ours(name):
            return None
        is_package = name == PACKAGE
        file = self.folder / f"{'__init__' if is_package else name.rpartition('.')[2]}.py"
        if not file.exists():
            return None
        return importlib.util.spec_from_file_location(
            name,
            file,
            loader=Loader(name, file, self),
            submodule_search_locations=[str(self.folder)] if is_package else None,
        )


class Loader(importlib.machinery.SourceFileLoader):
    """Loads one module of a client, and notes what it begins with."""

    def __init__(self, name: str, file: Path, client: Client) -> None:
        super().__init__(name, str(file))
        self.client = client

    def get_code(self, fullname: str) -> CodeType:
        """What is run."""
        return self.client.changed.get(Path(self.path).stem) or compiled(self.path)

    def exec_module(self, module: ModuleType) -> None:
        """Run it."""
        super().exec_module(module)
        self.client.variables[module.__name__] = {
            name: copy.copy(value) if isinstance(value, COLLECTIONS) else value
            for name, value in vars(module).items()
            if not (name.startswith("__") or callable(value))
        }


@functools.cache
def compiled(path: str) -> CodeType:
    """A module without a mistake."""
    return compile(Path(path).read_text(encoding="utf-8"), path, "exec")


def taken_out() -> dict[str, ModuleType]:
    """The modules of the package, which Python now knows nothing of."""
    return {name: sys.modules.pop(name) for name in list(sys.modules) if is_ours(name)}


def is_ours(name: str) -> bool:
    """Whether a module belongs to the package."""
    return name.partition(".")[0] == PACKAGE


def put_back(now: object, first: object) -> object:
    """The first value of a variable; a collection stays the one that others share."""
    if not isinstance(now, COLLECTIONS):
        return first
    now.clear()
    now.extend(first) if isinstance(now, list) else now.update(first)
    return now
