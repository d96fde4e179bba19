"""Commands for operators: `portline <command>`."""

from datetime import datetime

import click
import requests
from flask import Flask

from provisioning.contract.browser_phones import NewKey
from provisioning.contract.errors import CarrierError
from service.accounts import commands as people
from service.archives import commands as archives
from service.audit.books import unexplained
from service.callbacks import make_browser_key, set_up_carrier
from service.commands import refusing
from service.cutover import commands as cutover
from service.doctor.checkup import examine
from service.doctor.findings import Finding, Patient, Verdict
from service.erasing import commands as erasing
from service.ledger import commands as ledger
from service.restoring import commands as restoring
from service.sealing import seal_again
from service.services import Services
from webhooks.unread import read_again


def register(app: Flask, services: Services) -> None:
    """Add the commands to an app."""
    for part in (restoring, people, archives, erasing, cutover, ledger):
        part.register(app, services)

    @app.cli.command("doctor")
    def doctor() -> None:
        """Say whether this installation could go live, and what keeps it; the exit code is 0 when nothing does."""
        with requests.Session() as to_us:
            findings = [_shown(finding) for finding in examine(Patient(services, to_us))]
        if Verdict.PROBLEM in findings:
            raise SystemExit(1)

    @app.cli.command("audit")
    @click.option("--since", type=restoring.MOMENT, help="Compare all since then, with what may still be on its way.")
    def audit(since: datetime | None) -> None:
        """Compare the carriers' books of the last day with ours; the exit code is 0 when each bears the other out."""
        _print([sentence for carrier in services.carriers for sentence in _audited(services, carrier, since)])

    @app.cli.command("read-again")
    @click.argument("ids", nargs=-1, required=True, type=int)
    def read_kept(ids: tuple[int, ...]) -> None:
        """Have the worker read these callbacks once more, by their ids in the table `received`."""
        with services.sessions.begin() as session:
            read_again(session, ids)

    @app.cli.command("seal-again")
    def seal_again_() -> None:
        """Seal with the newest of SEALING_KEYS all that an older one sealed; then the older ones can go."""
        changed = seal_again(services.sessions, services.settings.sealing_keys)
        click.echo(f"{changed} values are sealed with the newest key now. The older keys can be taken out.")

    _register_set_up(app, services)


def _register_set_up(app: Flask, services: Services) -> None:
    @app.cli.command("set-up-carrier")
    @click.option("--buy-platform-number", is_flag=True, help="Buy PLATFORM_NUMBER if the account lacks it.")
    @click.option("--make-browser-key", "key", is_flag=True, help="Make a key for phones in browsers, and print it.")
    def set_up(*, buy_platform_number: bool, key: bool) -> None:
        """Have the carrier send its callbacks here, and route the number our own texts leave from."""
        has_platform_number = set_up_carrier(services, buy_platform_number=buy_platform_number)
        click.echo(f"Porting callbacks go to {services.webhook(services.home, 'porting')}")
        click.echo(_platform_number(services, there=has_platform_number))
        if key:
            with refusing():
                _show_key(services.home.upper(), make_browser_key(services))


def _platform_number(services: Services, *, there: bool) -> str:
    if there:
        return "Texts to PLATFORM_NUMBER come here, and our own leave from it."
    if services.settings.platform_number:
        return "The account does not have PLATFORM_NUMBER: no text of our own leaves. --buy-platform-number buys it."
    return "PLATFORM_NUMBER is not set: what we have to say to people goes by mail alone."


def _show_key(carrier: str, made: NewKey) -> None:
    click.echo("Put these into the settings; the carrier tells the secret only now:")
    click.echo(f"{carrier}_API_KEY_SID={made.key}\n{carrier}_API_KEY_SECRET={made.secret}")


def _print(differences: list[str]) -> None:
    for sentence in differences:
        click.echo(sentence)
    if differences:
        raise SystemExit(1)


def _audited(services: Services, carrier: str, since: datetime | None) -> list[str]:
    try:
        return unexplained(services, carrier, since)
    except CarrierError as error:
        return [f"{carrier} gives no good answer, so its books were not compared: {error}."]


def _shown(finding: Finding) -> Verdict:
    click.echo(f"{finding.verdict:8} {finding.what}")
    if finding.advice:
        click.echo(f"{'':8} → {finding.advice}")
    return finding.verdict
