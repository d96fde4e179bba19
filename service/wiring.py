"""The only file that picks concrete things: from settings to services, once per process."""

import os
from collections.abc import Mapping

from provisioning import registry
from provisioning.contract.carrier import Carrier
from service import handlers
from service.config import Settings, WrongSettings
from service.db import connect, sessions_on, use_sealing_keys
from service.notifications.post import post_for
from service.services import Post, Services
from service.time import RehearsalClock, use_clock


def wire() -> Services:
    """Build everything from the environment. Raises `WrongSettings` with all that is wrong."""
    settings = Settings.from_env()
    try:
        carriers = registry.load(settings.carriers, os.environ)
    except ValueError as error:
        raise WrongSettings(str(error)) from None
    return assemble(settings, carriers, post_for(settings.mail_url, settings.mail_from))


def assemble(settings: Settings, carriers: Mapping[str, Carrier], post: Post) -> Services:
    """Put the pieces together. Tests bring carriers that speak to a sandbox in the same process."""
    _refuse_rehearsing_for_real(settings, carriers)
    use_sealing_keys(settings.sealing_keys)
    if settings.rehearsal_clock:
        use_clock(RehearsalClock(settings.rehearsal_clock))
    handlers.register()
    return Services(settings, sessions_on(connect(settings.database_url)), carriers, post)


def _refuse_rehearsing_for_real(settings: Settings, carriers: Mapping[str, Carrier]) -> None:
    """A clock that jumps must never decide about real numbers."""
    real = [carrier.name for carrier in carriers.values() if not carrier.rehearsal]
    if settings.rehearsal_clock and real:
        raise WrongSettings(f"REHEARSAL_CLOCK is set, but these carriers are the real ones: {', '.join(real)}")
