"""Checks of our public address, as carriers see it: it is reachable and takes signed callbacks only."""

from http import HTTPStatus
from typing import Final

from provisioning.contract.callbacks import SignedRequest
from service.doctor.findings import Finding, Patient, note, ok, problem

PATIENCE_SECONDS = 10

_JSON: Final = {"content-type": "application/json"}


def secure(patient: Patient) -> Finding:
    """The address is https."""
    if not patient.services.settings.secure:
        return problem("PUBLIC_BASE_URL is not https://.", "Set it to the address that customers and carriers use.")
    return ok("Our public address is https.")


def routers(patient: Patient) -> Finding:
    """Routers in front of web are counted: otherwise all visitors share the address of a router."""
    settings = patient.services.settings
    if settings.secure and not settings.trusted_proxies:
        return note(
            "TRUSTED_PROXIES is 0, and TLS ends in front of web: limits against abuse take everybody for one.",
            "Set it to how many routers stand in front of web; on most platforms that is 1.",
        )
    return ok("Limits against abuse know people by their own address.")


def forged(patient: Patient, carrier: str) -> Finding:
    """Our address is reachable from outside and refuses callbacks that the carrier did not sign."""
    sample = _sample(patient, carrier) or SignedRequest(_address(patient, carrier), _JSON, b"{}")
    unsigned = SignedRequest(sample.url, dict.fromkeys(sample.headers, "forged") | _content(sample), sample.body)
    status = _status(patient, unsigned)
    if status != HTTPStatus.FORBIDDEN:
        return problem(
            f"A forged callback to {sample.url} was answered {status} instead of 403.",
            "Is PUBLIC_BASE_URL exactly this installation's address, without a redirect or a page before it?",
        )
    return ok("Our public address is reached, and forged callbacks are turned away.")


def genuine(patient: Patient, carrier: str) -> Finding:
    """Callbacks that the carrier signed for our address are accepted and stored."""
    sample = _sample(patient, carrier)
    if sample is None:
        return note(
            "The carrier alone can sign callbacks, so none was tried.",
            "Text one of our numbers there, and see that it comes into its inbox.",
        )
    status = _status(patient, sample)
    if status == HTTPStatus.FORBIDDEN:
        return problem(
            "A callback with a good signature was turned away.",
            "PUBLIC_BASE_URL must be the address to the letter, and web must run with the same settings as this.",
        )
    if not HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        return problem(
            f"A good callback was answered {status}: it was not kept.", "See the log of web; is /readyz 200?"
        )
    return ok("Callbacks with a good signature are let in and kept.")


def _address(patient: Patient, carrier: str) -> str:
    return patient.services.webhook(carrier, "message-status")


def _sample(patient: Patient, carrier: str) -> SignedRequest | None:
    return patient.services.network(carrier).callbacks.sample(_address(patient, carrier))


def _content(sample: SignedRequest) -> dict[str, str]:
    return {name: value for name, value in sample.headers.items() if name == "content-type"}


def _status(patient: Patient, sent: SignedRequest) -> int:
    answer = patient.to_us.post(
        sent.url, data=sent.body, headers=dict(sent.headers), timeout=PATIENCE_SECONDS, allow_redirects=False
    )
    return answer.status_code
