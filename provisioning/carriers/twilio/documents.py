"""Uploads the customer's bill. The SDK has no resource for this host, so it makes the request itself.

https://www.twilio.com/docs/phone-numbers/port-in/documents
"""

from provisioning.carriers.twilio.client import understood
from provisioning.carriers.twilio.error_answers import read_error
from provisioning.carriers.twilio.settings import Settings
from provisioning.contract.errors import Unavailable
from provisioning.contract.porting import Paper
from provisioning.http import Outgoing, raise_for_answer

UPLOAD_URL = "https://numbers-upload.twilio.com/v1/Documents"


def upload_bill(paper: Paper, settings: Settings, outgoing: Outgoing) -> str:
    """Upload a bill and return the document's sid. The part's name is `File`, with a capital."""
    answer = outgoing.send(
        "POST",
        UPLOAD_URL,
        data={"document_type": "utility_bill", "friendly_name": paper.name},
        files={"File": (paper.name, paper.content, paper.media_type)},
        auth=settings.credentials,
    )
    raise_for_answer(answer, read_error)
    with understood():
        document = answer.json()
        sid, media_type = str(document["sid"]), document["mime_type"]
    if not media_type:
        # the carrier answers 2xx with a sid even when the file did not arrive
        raise Unavailable("the bill did not arrive at the carrier", not_made=True)
    return sid
