"""``import redis`` means the façade: for programs and libraries that import redis-py by its name."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator, Sequence
from email.message import Message
from importlib.abc import Loader
from importlib.machinery import ModuleSpec
from importlib.metadata import Distribution, DistributionFinder
from importlib.util import find_spec
from threading import RLock
from types import ModuleType
from typing import Any

from ...drivers.at_fork import free_in_child
from ...errors import ConfigurationError
from .redis_version import __version__

__all__ = ["install", "is_installed", "uninstall"]

_FACADE = "multiplexer.compat"
_NAMES = ("redis", "valkey")
#: Guards what is installed: several threads may ask at once.
_lock = free_in_child(RLock())


def install(*names: str, replace: bool = False) -> None:
    """Have ``import redis`` and the import of any of its modules find this façade, in the whole process.

    To be called before anything imports ``redis``: first thing in the program, or in its ``sitecustomize``. Calling it
    again does nothing. Where the package redis is installed as well it stays where it is and is not imported.
    ``importlib.metadata.version("redis")`` then is the version whose names the façade has.

    Args:
        names: Which packages to stand in for: ``"redis"`` (the default), ``"valkey"``, or both.
        replace: Go on where the real package has been imported already. Modules that have taken something from it
            keep what they have; only later imports find the façade.

    Raises:
        ConfigurationError: The real package was imported already, or a name is neither of the two.
    """
    wanted = _checked(names)
    with _lock:
        for name in wanted:
            if not _finder.serves(name):
                _refuse_imported(name, replace)
        for name in wanted:
            _finder.add(name)
        if _finder not in sys.meta_path:
            sys.meta_path.insert(0, _finder)


def uninstall(*names: str) -> None:
    """Undo :func:`install`: later imports find the real package again. Who has imported the façade keeps it.

    Args:
        names: Which packages not to stand in for any longer; by default all.

    Raises:
        ConfigurationError: A name is neither ``"redis"`` nor ``"valkey"``.
    """
    wanted = _checked(names or _NAMES)
    with _lock:
        for name in wanted:
            _finder.remove(name)
        if not _finder.served and _finder in sys.meta_path:
            sys.meta_path.remove(_finder)


def is_installed(name: str = "redis") -> bool:
    """Whether ``import redis`` (or what ``name`` says) means the façade."""
    with _lock:
        return _finder.serves(name)


def _checked(names: Sequence[str]) -> Sequence[str]:
    for name in names:
        if name not in _NAMES:
            raise ConfigurationError(f"install: expected one of {', '.join(_NAMES)}, not {name!r}")
    return names or _NAMES[:1]


def _refuse_imported(name: str, replace: bool) -> None:
    if name not in sys.modules or replace:
        return
    users = sorted(_importers(name))
    by = f" (by {', '.join(users[:5])}{' and others' if len(users) > 5 else ''})" if users else ""
    raise ConfigurationError(
        f"install: {name!r} has been imported already{by}; call install() before anything that imports it, "
        "or with replace=True for what is imported from now on"
    )


def _importers(name: str) -> Iterator[str]:
    """Yield the modules that hold something of a package."""
    for user, module in list(sys.modules.items()):
        if not _is_of(user, name) and any(_is_of(_origin(value), name) for value in list(vars(module).values())):
            yield user


def _origin(value: Any) -> str:
    """Return the module that a module or class is or is of; other objects are not touched, as they may be lazy."""
    kind = type(value)  # isinstance would ask the object
    if issubclass(kind, ModuleType):
        return str(value.__name__)
    return str(value.__module__) if issubclass(kind, type) else ""


def _is_of(module: str, package: str) -> bool:
    return module == package or module.startswith(f"{package}.")


def _modules_of(package: str) -> dict[str, ModuleType]:
    return {name: module for name, module in list(sys.modules.items()) if _is_of(name, package)}


class _Facade(Loader):
    """Puts the façade's own module under another name: there is one of each, whatever it is imported as."""

    def exec_module(self, module: ModuleType) -> None:
        # The import system takes from sys.modules what a module has put there in its own place.
        sys.modules[module.__name__] = importlib.import_module(_meant(module.__name__))


class _Finder(DistributionFinder):
    """Finds the façade's modules, and its version, under the names it stands in for."""

    def __init__(self) -> None:
        #: By name served, the modules of the real package that were imported before.
        self.served: dict[str, dict[str, ModuleType]] = {}

    def serves(self, name: str) -> bool:
        return name in self.served

    def add(self, name: str) -> None:
        if name in self.served:
            return
        before = _modules_of(name)
        for module in before:
            sys.modules.pop(module, None)
        self.served[name] = before

    def remove(self, name: str) -> None:
        before = self.served.pop(name, None)
        if before is None:
            return
        for module in _modules_of(name):
            sys.modules.pop(module, None)
        sys.modules.update(before)

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname.partition(".")[0] not in self.served:
            return None
        # Nobody else may be asked: another finder would look into the façade's folder and load its files twice.
        meant = find_spec(_meant(fullname))
        if meant is None:
            raise ModuleNotFoundError(f"No module named {fullname!r} in {_FACADE}", name=fullname)
        return ModuleSpec(fullname, _Facade(), is_package=meant.submodule_search_locations is not None)

    def find_distributions(self, context: DistributionFinder.Context = DistributionFinder.Context()) -> Iterator[Any]:  # noqa: B008
        if context.name is not None and context.name.lower() in self.served:
            yield _FacadeDistribution(context.name.lower())


class _FacadeDistribution(Distribution):
    """What is said about the package that the façade stands in for: libraries look at its version."""

    def __init__(self, name: str) -> None:
        self._name = name

    def read_text(self, filename: str) -> str | None:
        if filename not in ("METADATA", "PKG-INFO"):
            return None
        metadata = Message()
        metadata["Metadata-Version"] = "2.1"
        metadata["Name"] = self._name
        metadata["Version"] = __version__
        return metadata.as_string()

    def locate_file(self, path: Any) -> Any:
        """Return where a file of the distribution is; it has none of its own.

        Raises:
            FileNotFoundError: Always.
        """
        raise FileNotFoundError(path)


def _meant(name: str) -> str:
    _, dot, rest = name.partition(".")
    return f"{_FACADE}{dot}{rest}"


_finder = _Finder()
