"""Security of the pages: sign-in, CSRF, rate limits and headers."""

from collections.abc import Callable, Sequence
from ipaddress import ip_address, ip_network
from typing import Any, Final, TypeVar, cast

from flask import Flask, g, request, session
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_security import Security, SQLAlchemySessionUserDatastore, current_user
from flask_talisman import Talisman
from flask_wtf import CSRFProtect
from flask_wtf.csrf import CSRFError, same_origin
from sqlalchemy.orm import scoped_session
from werkzeug.wrappers import Response

from service.accounts.models import Role, User
from service.accounts.sign_ins import LONGEST, is_fresh
from service.config import Settings
from service.limits import SCHEME
from service.services import Services
from service.web.shell.browsers import known_as, load_person
from service.web.shell.context import member_to_be, services, this_sign_in
from service.web.shell.detours import by_way_of
from service.web.shell.public import PUBLIC
from service.web.shell.sensitive import SENSITIVE
from service.web.shell.support import look_only

View = TypeVar("View", bound=Callable[..., Any])

limiter = Limiter(get_remote_address, storage_uri=f"{SCHEME}://", headers_enabled=True)
_csrf = CSRFProtect()
IPV4: Final = 4

# Bootstrap's style sheet has arrows and ticks as data: images
_CONTENT = {
    "default-src": "'self'",
    "img-src": "'self' data:",
    "object-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "manifest-src": "'self'",
    "worker-src": "'self'",
}

_SANDBOX: Final = "sandbox; default-src 'none'"


def sandboxed(answer: Response) -> Response:
    """Have an answer run and load nothing in a browser that opens it: it is a file that a stranger sent."""
    g.sandboxed = True
    return answer


def may_call(answer: Response, hosts: tuple[str, ...]) -> Response:
    """Let a page use the microphone, and reach these hosts of a carrier (as a policy of content writes them)."""
    g.reaches = hosts
    return answer


def may_be_framed(origins: Sequence[str]) -> None:
    """Let pages of these origins show the answer of this request in a frame, and nobody else's."""
    g.framed_by = origins


def without_cookies(view: View) -> View:
    """Take a form without the token that stands in a cookie too: its address is a secret of who may send it."""
    return cast("View", _csrf.exempt(view))


def secure(app: Flask, services: Services) -> None:
    """Require a sign-in on every page that `PUBLIC` does not list, and add CSRF tokens, rate limits and headers."""
    app.config.update(cookie_settings(services.settings))
    _load_people(app, services)
    app.before_request(_refuse_other_sites)
    _csrf.init_app(app)
    app.config["RATELIMIT_STORAGE_OPTIONS"] = {"sessions": services.sessions}
    limiter.init_app(app)
    app.after_request(_kept_nowhere)
    app.after_request(_let_call)
    app.after_request(_let_frame)
    app.after_request(_sandbox)  # before the next line, so that it runs after what that adds
    _headers(app, services.settings)
    app.before_request(_guard)


def cookie_settings(settings: Settings) -> dict[str, object]:
    """How browsers keep the cookie by which we know them, and how it is signed."""
    return {
        "SECRET_KEY": settings.secret_keys[0],
        "SECRET_KEY_FALLBACKS": list(settings.secret_keys[1:]),
        "SECURITY_PASSWORD_SALT": settings.secret_keys[0],
        "SECURITY_EMAIL_VALIDATOR_ARGS": {"check_deliverability": False},
        # the prefix has browsers take it from this host alone, over https; on a laptop there is no https
        "SESSION_COOKIE_NAME": "__Host-session" if settings.secure else "session",
        "SESSION_COOKIE_SAMESITE": "Lax",
        "PERMANENT_SESSION_LIFETIME": LONGEST,
        "SESSION_REFRESH_EACH_REQUEST": False,
        "WTF_CSRF_SSL_STRICT": False,  # it refuses who sends no Referer; `_refuse_other_sites` does the rest
        "WTF_CSRF_TIME_LIMIT": None,  # a token holds as long as its sign-in: pages stay open all day
    }


def address_typed() -> str:
    """Key for limits on mail: the address in the form, in lower case."""
    return (request.form.get("email") or "").strip().lower()


def address_from_here() -> str:
    """Key for limits on mail: the address in the form and the network that asks, so that strangers lock nobody out."""
    return f"{address_typed()} {network()}"


def address_or_browser() -> str:
    """Key for limits on mail to an address: browsers in which its person signed in before count by themselves."""
    return known_as(address_typed()) or address_typed()


def no_address() -> bool:
    """Whether no address was typed: there is nothing to count by, and nothing is mailed."""
    return not address_typed()


def signed_in_person() -> str:
    """Key for limits on what costs us money: the id of the signed-in person."""
    return str(current_user.get_id())


def workspace_here() -> str:
    """Key for limits on what a workspace does, by all its people together: its id."""
    if not current_user.is_authenticated:  # sent to sign in, after this
        return ""
    with services().sessions.begin() as session:
        return f"workspace {member_to_be(session).workspace_id}"


def network() -> str:
    """Key for limits on a network: that which the request came from."""
    return network_of(get_remote_address())


def network_of(host: str) -> str:
    """The network of an address: the /24 (IPv4) or /48 (IPv6)."""
    try:
        address = ip_address(host)
    except ValueError:  # a proxy in front may pass on something else than an address
        return host
    return str(ip_network((address, 24 if address.version == IPV4 else 48), strict=False))


def _sandbox(answer: Response) -> Response:
    if "sandboxed" in g:
        answer.headers["Content-Security-Policy"] = _SANDBOX
    return answer


def _let_call(answer: Response) -> Response:
    if "reaches" in g:
        policy, hosts = answer.headers["Content-Security-Policy"], " ".join(g.reaches)
        own = "connect-src 'self'"
        known = policy if own in policy else f"{policy}; {own}"
        answer.headers["Content-Security-Policy"] = known.replace(own, f"{own} {hosts}")
        answer.headers["Permissions-Policy"] = "microphone=(self)"
    return answer


def _let_frame(answer: Response) -> Response:
    if g.get("framed_by"):
        policy, allowed = answer.headers["Content-Security-Policy"], f"frame-ancestors {' '.join(g.framed_by)}"
        answer.headers["Content-Security-Policy"] = policy.replace("frame-ancestors 'none'", allowed)
        del answer.headers["X-Frame-Options"]  # knows no list; where both stand, browsers go by the policy
    return answer


def _kept_nowhere(answer: Response) -> Response:
    """Browsers keep no page on disk, unless the view says how long; windows of other sites cannot reach into it."""
    answer.headers.setdefault("Cache-Control", "no-store")
    answer.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    return answer


def _refuse_other_sites() -> None:
    """Refuse a form whose `Referer` names another site.

    Some browsers and proxies send none. Then the form's token proves enough, as no other host can set its cookie.
    """
    named = request.referrer if request.method == "POST" and request.is_secure else None
    if named and not same_origin(named, request.host_url):
        raise CSRFError("The referrer does not match the host.")


def _guard() -> Response | None:
    if request.endpoint is None:
        return None
    if request.endpoint in PUBLIC:
        return None
    if not current_user.is_authenticated:
        return by_way_of("signin.ask")
    if "support" in session:
        return look_only()
    if request.endpoint in SENSITIVE and not is_fresh(this_sign_in()):
        return by_way_of("signin.confirm")
    return None


def _load_people(app: Flask, services: Services) -> None:
    sessions = scoped_session(services.sessions)
    Security(app, SQLAlchemySessionUserDatastore(sessions, User, Role), register_blueprint=False)
    app.login_manager.user_loader(load_person)  # type: ignore[attr-defined]

    @app.teardown_appcontext
    def release(_: BaseException | None) -> None:
        sessions.remove()


def _headers(app: Flask, settings: Settings) -> None:
    Talisman(
        app,
        # TLS ends at the proxy in front; a redirect from here would loop
        force_https=False,
        strict_transport_security=settings.secure,
        session_cookie_secure=settings.secure,
        frame_options="DENY",
        content_security_policy=_CONTENT | _hints(settings.live_url),
        referrer_policy="same-origin",
        permissions_policy={"microphone": "()"},
    )


def _hints(url: str) -> dict[str, str]:
    """What lets pages listen at another port of this host, where the process `live` is not behind the same router."""
    return {} if url.startswith("/") or not url else {"connect-src": f"'self' {url.rpartition('/')[0]}"}
