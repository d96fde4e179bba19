"""Files that are answered: sounds and pictures, from our own copies."""

from dataclasses import dataclass

from flask import Response

from service.errors import NotFound
from service.web.shell.context import services


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A stored file by its name in the media, which is "" until our copy was fetched."""

    name: str
    media_type: str

    def answer(self) -> Response:
        """The file itself. It may come from far away, so no transaction is open. Raises `NotFound`."""
        if not self.name:
            raise NotFound("This has not arrived yet.")
        return Response(services().media.get(self.name), mimetype=self.media_type)
