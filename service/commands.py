"""What commands for operators have in common."""

from collections.abc import Iterator
from contextlib import contextmanager

import click

from provisioning.contract.carrier import NotOffered
from provisioning.contract.errors import CarrierError
from service.errors import Invalid, ServiceError
from service.media import MediaAway


@contextmanager
def refusing() -> Iterator[None]:
    """Print a refusal of ours, the carrier or the storage, or what is not offered, as one sentence; exit with 1."""
    try:
        yield
    except Invalid as refusal:  # no command checks anything else than a draft
        raise click.ClickException(f"The draft lacks {', '.join(refusal.fields)}.") from None
    except (ServiceError, CarrierError, NotOffered, MediaAway) as refusal:
        raise click.ClickException(str(refusal)) from None
