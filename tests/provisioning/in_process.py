"""`requests` to a WSGI application in the same process: the whole wire, without a socket."""

from io import BytesIO

import requests
from requests.adapters import BaseAdapter
from requests.utils import get_encoding_from_headers
from werkzeug.test import Client


class InProcess(BaseAdapter):
    """A transport to be mounted on a session. What the application raises (a lost answer), the caller gets."""

    def __init__(self, app) -> None:
        super().__init__()
        self._client = Client(app, use_cookies=False)

    def send(self, request, **options):
        answer = self._client.open(
            request.url, method=request.method, headers=list(request.headers.items()), data=_body(request)
        )
        response = requests.Response()
        response.status_code = answer.status_code
        response.reason = answer.status.partition(" ")[2]
        response.headers.update(answer.headers)
        response.encoding = get_encoding_from_headers(response.headers)
        response.raw = BytesIO(answer.get_data())
        response.url = request.url
        response.request = request
        return response

    def close(self):
        pass


class Nobody(BaseAdapter):
    """Nobody listens: said at once, where asking the machine's resolver for a made-up host would take seconds."""

    def send(self, request, **options):
        raise requests.ConnectionError(request=request)

    def close(self):
        pass


def _body(request: requests.PreparedRequest) -> bytes:
    body = request.body or b""
    return body.encode() if isinstance(body, str) else body
