"""All pages, registered on the application."""

from pathlib import Path

from flask import Flask
from jinja2 import FileSystemLoader, PrefixLoader

from service.services import Services
from service.web.account import devices, person, second_step, settings, sign_in_methods, signin, signup
from service.web.calls import call_log, report
from service.web.calls.words import add_filters as add_call_filters
from service.web.desk import (
    claims,
    figures,
    hints,
    overview,
    port_outs,
    queue,
    registrations,
    spending,
    transfer_acts,
    worklist,
)
from service.web.desk import support as support_desk
from service.web.desk import team as desk_team
from service.web.desk import transfer as desk_transfer
from service.web.home import front, help_page, home, legal, prices
from service.web.inbox import (
    agreements,
    answers,
    attachments,
    bulk,
    call_out,
    contact_import,
    contacts,
    conversations,
    handling,
    history,
    on_the_line,
    saved_replies,
    tags,
    undo,
)
from service.web.inbox import settings as inbox_settings
from service.web.inbox.words import add_filters as add_inbox_filters
from service.web.lines import callers, greetings, line, phones, plan, removal
from service.web.numbers import forwarding, number, numbers, port_out, port_out_request, searches
from service.web.phone import window
from service.web.registration import business_page, caller_name, registration, verifications
from service.web.search import search
from service.web.shell import health, installing
from service.web.shell.appearance import set_up_appearance
from service.web.shell.assets import add_assets
from service.web.shell.branding import set_up_brands
from service.web.shell.compression import compress_assets
from service.web.shell.context import browser_phones, our_address, registers_itself
from service.web.shell.errors import add_error_pages
from service.web.shell.languages import set_up_languages
from service.web.shell.live import add_live
from service.web.shell.requests import accept_only_what_browsers_send
from service.web.shell.security import secure
from service.web.shell.sidebar import sidebar
from service.web.shell.words import add_filters
from service.web.team import (
    api_keys,
    archive,
    changes,
    closing,
    invitations,
    join,
    members,
    notices,
    push,
    support,
    webhooks,
)
from service.web.transfer import (
    accounts,
    bring,
    bulk_transfer,
    contact_code,
    correspondence,
    cutover,
    details,
    details_requests,
    draft_steps,
    embedded,
    moment,
    number_code,
    own_number,
    ports,
    reschedule,
    review,
    sign,
    status_page,
    which_line,
)
from service.web.transfer.questions import how_far

BLUEPRINTS = (
    front.blueprint,
    help_page.blueprint,
    legal.blueprint,
    prices.blueprint,
    health.blueprint,
    installing.blueprint,
    signup.blueprint,
    devices.blueprint,
    person.blueprint,
    settings.blueprint,
    signin.blueprint,
    second_step.blueprint,
    sign_in_methods.blueprint,
    home.blueprint,
    search.blueprint,
    conversations.blueprint,
    call_log.blueprint,
    report.blueprint,
    window.blueprint,
    call_out.blueprint,
    on_the_line.blueprint,
    answers.blueprint,
    handling.blueprint,
    bulk.blueprint,
    tags.blueprint,
    undo.blueprint,
    attachments.blueprint,
    contacts.blueprint,
    contact_import.blueprint,
    history.blueprint,
    agreements.blueprint,
    saved_replies.blueprint,
    inbox_settings.blueprint,
    line.blueprint,
    phones.blueprint,
    plan.blueprint,
    callers.blueprint,
    removal.blueprint,
    greetings.blueprint,
    numbers.blueprint,
    number.blueprint,
    port_out.blueprint,
    port_out_request.blueprint,
    searches.blueprint,
    forwarding.blueprint,
    bring.blueprint,
    bulk_transfer.blueprint,
    accounts.blueprint,
    which_line.blueprint,
    draft_steps.blueprint,
    review.blueprint,
    contact_code.blueprint,
    correspondence.blueprint,
    number_code.blueprint,
    details_requests.blueprint,
    details.blueprint,
    ports.blueprint,
    own_number.blueprint,
    cutover.blueprint,
    status_page.blueprint,
    embedded.blueprint,
    reschedule.blueprint,
    moment.blueprint,
    sign.blueprint,
    members.blueprint,
    invitations.blueprint,
    join.blueprint,
    changes.blueprint,
    api_keys.blueprint,
    webhooks.blueprint,
    archive.blueprint,
    closing.blueprint,
    support.blueprint,
    registration.blueprint,
    business_page.blueprint,
    caller_name.blueprint,
    verifications.blueprint,
    notices.blueprint,
    push.blueprint,
    overview.blueprint,
    queue.blueprint,
    figures.blueprint,
    desk_team.blueprint,
    hints.blueprint,
    desk_transfer.blueprint,
    transfer_acts.blueprint,
    worklist.blueprint,
    spending.blueprint,
    registrations.blueprint,
    claims.blueprint,
    port_outs.blueprint,
    support_desk.blueprint,
)


def register(app: Flask, services: Services) -> None:
    """Register the pages. Each needs a sign-in unless `shell/public.py` lists its endpoint."""
    app.extensions["services"] = services
    accept_only_what_browsers_send(app)
    app.jinja_loader = _templates()
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_UPLOAD
    compress_assets(app)
    add_assets(app)
    add_live(app)
    set_up_languages(app)
    set_up_appearance(app)
    set_up_brands(app)
    app.add_template_global(sidebar)
    secure(app, services)
    add_error_pages(app)
    add_filters(app)
    app.add_template_global(how_far)
    app.add_template_global(our_address)
    app.add_template_global(registers_itself)
    app.add_template_global(browser_phones)
    add_inbox_filters(app)
    add_call_filters(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)


LARGEST_UPLOAD = 11 * 1024 * 1024
"""Bytes: slightly more than the largest bill, so that a bill slightly too large is refused beside its field."""


def _templates() -> PrefixLoader:
    """Load `inbox/thread.html` from the folder `templates` of the room `inbox`."""
    folders = sorted(Path(__file__).parent.glob("*/templates"))
    return PrefixLoader({folder.parent.name: FileSystemLoader(folder) for folder in folders})
