"""Finds the carriers, and builds those that the settings name."""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from importlib import import_module
from pkgutil import iter_modules

from provisioning import carriers
from provisioning.contract.callbacks import Subject
from provisioning.contract.carrier import Carrier
from provisioning.contract.worklist import Worklist


def available() -> list[str]:
    """The names of all carriers with a folder, sorted."""
    return sorted(module.name for module in iter_modules(carriers.__path__))


OurAddresses = Callable[[str, Subject], str]
"""Our public URL for the callbacks of a carrier (its name) about a subject."""


def load(
    names: Iterable[str], environ: Mapping[str, str], worklist: Worklist, addresses: OurAddresses
) -> dict[str, Carrier]:
    """Build the named carriers from the environment, in the order given.

    Each gets the worklist of our porting desk, which only carriers whose orders are carried out by hand use, and our
    addresses for its callbacks, which only carriers use where an order or an account has to name them.

    Raises:
        ValueError: a name has no folder, a carrier lacks a setting, or numbers can live at none of them, each on a
            line. The process must not start.
    """
    built, faults = {}, []
    for name in names:
        try:
            built[name] = _build(name, environ, worklist, addresses)
        except ValueError as error:
            faults.append(str(error))
    if built and not faults and not any(carrier.network for carrier in built.values()):
        faults.append(f"CARRIERS: name one that has numbers; these have none: {', '.join(built)}")
    if faults:
        raise ValueError("\n".join(faults))
    return built


def _build(name: str, environ: Mapping[str, str], worklist: Worklist, addresses: OurAddresses) -> Carrier:
    if name not in available():
        raise ValueError(f"CARRIERS: no carrier is named {name!r}; there are: {', '.join(available())}")
    build = import_module(f"provisioning.carriers.{name}").build
    built: Carrier = build(environ, worklist=worklist, address=partial(addresses, name))
    return built
