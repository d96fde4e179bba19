"""What commands for operators have in common."""

from collections.abc import Iterator
from contextlib import contextmanager

import click

from provisioning.contract.carrier import NotOffered
from provisioning.contract.errors import CarrierError
from service.errors import Invalid, ServiceError


@contextmanager
def refusing() -> Iterator[None]:
    """Print a refusal of ours or the carrier's, or what it does not offer, as one sentence, and exit with 1."""
    try:
        yield
    except Invalid as refusal:  # no command checks anything else than a draft
        raise click.ClickException(f"The draft lacks {', '.join(refusal.fields)}.") from None
    except (ServiceError, CarrierError, NotOffered) as refusal:
        raise click.ClickException(str(refusal)) from None
