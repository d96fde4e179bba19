"""What pages call the service, and at which address they are: a platform's brand for those who came by it."""

from urllib.parse import urlsplit

from flask import Flask, g, request

from service.accounts.models import Workspace
from service.brands import Brand, brand_at, brand_of, our_brand
from service.web.shell.context import services


def set_up_brands(app: Flask) -> None:
    """Let templates say `brand()`."""
    app.add_template_global(brand)


def brand() -> str:
    """The name on this page: that of the platform at this host or that opened the page's workspace, or else ours."""
    here, ours = address_here(), our_brand(services().settings)
    return here.name if here != ours else g.get("brand", ours.name)


def address_here() -> Brand:
    """The brand whose address this request was sent to. Any host that is no platform's is taken for ours."""
    if "address" not in g:
        settings = services().settings
        g.address = our_brand(settings)  # also while the database is away
        host = urlsplit(request.host_url).hostname or ""
        if host != g.address.domain:
            with services().sessions.begin() as session:
                g.address = brand_at(session, settings, host) or g.address
    return g.address  # type: ignore[no-any-return]


def show_workspace(workspace: Workspace) -> None:
    """Have the page's times be in the zone of this workspace, and its name that of the workspace's platform."""
    g.zone, g.brand = workspace.zone, brand_of(services().settings, workspace).name
