"""`requests` to a WSGI application in the same process: the whole wire, without a socket."""

from contextlib import closing
from io import BytesIO

import requests
from requests.adapters import BaseAdapter
from requests.utils import get_encoding_from_headers
from werkzeug.test import Client, TestResponse


class InProcess(BaseAdapter):
    """A transport to be mounted on a session. What the application raises (a lost answer), the caller gets."""

    def __init__(self, app) -> None:
        super().__init__()
        self._client = Client(app, use_cookies=False)

    def send(self, request, **options):
        headers = list(request.headers.items())
        # closed as a server does: what waits until an answer has left is done then
        with closing(self._client.open(request.url, method=request.method, headers=headers, data=request.body)) as told:
            return _response(request, told)

    def close(self):
        pass


class Nobody(BaseAdapter):
    """Refuses every connection at once; resolving a made-up host name would take seconds."""

    def send(self, request, **options):
        raise requests.ConnectionError(request=request)

    def close(self):
        pass


def _response(request: requests.PreparedRequest, told: TestResponse) -> requests.Response:
    response = requests.Response()
    response.status_code = told.status_code
    response.reason = told.status.partition(" ")[2]
    response.headers.update(told.headers)
    response.encoding = get_encoding_from_headers(response.headers)
    response.raw = BytesIO(told.get_data())
    response.url = str(request.url)
    response.request = request
    return response
