"""Which carriers there are, and building those that the settings name."""

from collections.abc import Iterable, Mapping
from importlib import import_module
from pkgutil import iter_modules

from provisioning import carriers
from provisioning.contract.carrier import Carrier


def available() -> list[str]:
    """Names of all carriers that have a folder here, sorted."""
    return sorted(module.name for module in iter_modules(carriers.__path__))


def load(names: Iterable[str], environ: Mapping[str, str]) -> dict[str, Carrier]:
    """Build the named carriers from the environment, in the order given.

    Raises:
        ValueError: a name has no folder, or a carrier misses one of its settings. The process must not start.
    """
    return {name: _build(name, environ) for name in names}


def _build(name: str, environ: Mapping[str, str]) -> Carrier:
    if name not in available():
        raise ValueError(f"no carrier named {name!r}; there are: {', '.join(available())}")
    built: Carrier = import_module(f"provisioning.carriers.{name}").build(environ)
    return built
