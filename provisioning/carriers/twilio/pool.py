"""The pools of messaging services (https://www.twilio.com/docs/messaging/services).

American texts need the campaign of a messaging service, so a number must be in its pool. A number is in one pool at a
time; a ported number may still be in another pool of our account.
"""

from twilio.rest import Client
from twilio.rest.messaging.v1.service import ServiceContext

from provisioning.carriers.twilio.client import understood
from provisioning.contract.errors import Conflict, NotFound, Refused, Unavailable

IN_THIS_POOL = "21710"
IN_ANOTHER_POOL = "21712"


class Pool:
    """The pool of one messaging service. Without a service there is none, and every number may text."""

    def __init__(self, client: Client, service: str) -> None:
        self._client = client
        self._service = service

    def add(self, reference: str) -> None:
        """Add a number, after removing it from another pool if necessary.

        Raises:
            Unavailable: the operators have not forgotten its other campaign yet, which takes days.
        """
        if not self._service:
            return
        with understood():
            self._leave_callbacks_to_the_number()
            try:
                self._put(reference)
            except (Conflict, Refused) as error:
                if error.code == IN_ANOTHER_POOL:
                    self._take_out_of_others(reference)
                    self._put_in_once_left(reference)
                elif error.code != IN_THIS_POOL:
                    raise

    def has(self, reference: str) -> bool:
        """Whether a number is in the pool."""
        if not self._service:
            return True
        try:
            with understood():
                self._ours().phone_numbers(reference).fetch()
        except NotFound:
            return False
        return True

    def remove(self, reference: str) -> None:
        """Remove a number from the pool; it stays in the account."""
        if self._service:
            _remove(self._ours(), reference)

    def _ours(self) -> ServiceContext:
        return self._client.messaging.v1.services(self._service)

    def _put(self, reference: str) -> None:
        self._ours().phone_numbers.create(phone_number_sid=reference)

    def _put_in_once_left(self, reference: str) -> None:
        try:
            self._put(reference)
        except (Conflict, Refused) as error:
            if error.code != IN_ANOTHER_POOL:
                raise
            raise Unavailable("the number is still leaving another messaging service", not_made=True) from error

    def _leave_callbacks_to_the_number(self) -> None:
        """Have inbound texts use the number's webhook: by default the service's URL overrides it, even an empty one."""
        if not self._ours().fetch().use_inbound_webhook_on_number:
            self._ours().update(use_inbound_webhook_on_number=True)

    def _take_out_of_others(self, reference: str) -> None:
        for service in self._client.messaging.v1.services.stream():
            if service.sid and service.sid != self._service:
                _remove(self._client.messaging.v1.services(service.sid), reference)


def _remove(service: ServiceContext, reference: str) -> None:
    try:
        with understood():
            service.phone_numbers(reference).delete()
    except NotFound:
        return
