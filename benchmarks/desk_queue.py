"""Measure the page of the porting desk with 100,000 transfers under way: its first page, its filters and its search.

`python -m benchmarks.desk_queue 10000` measures with fewer.
"""

import os
import sys
import time
from http import HTTPStatus
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Final

from flask.testing import FlaskClient
from sqlalchemy import Connection

from benchmarks.filling import browser_of, filling
from benchmarks.rig import environ, make_tables
from laptop import database
from service.accounts.models import DESK, Role, User
from service.wiring import wire

COUNT: Final = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
LOOKS: Final = 12
WANTED_MS: Final = 200.0

# a tenth as many businesses as transfers; one transfer in twenty has fifty numbers, one in ten thousand a rare operator
_ROWS: Final = """
    INSERT INTO workspaces (id, name, language, zone, area, bringing, made_at)
        SELECT n, 'Business ' || n, 'en', 'UTC', '', '', '2026-01-01' FROM generate_series(1, {count} / 10 + 1) n;
    INSERT INTO lines (id, workspace_id, name, country, language, made_at)
        SELECT n, n, 'Line', 'US', 'en', '2026-01-01' FROM generate_series(1, {count} / 10 + 1) n;
    INSERT INTO port_projects (id, workspace_id, line_id, public_id, language, contact_number, contact_email,
            subscriber_kind, subscriber_name, authorized_person, authorized_email, street, street2, city, region,
            postal_code, country, billing_number, new_billing_number, made_at, operator)
        SELECT n, n / 10 + 1, n / 10 + 1, 'transfer' || n, 'en', '', '', 'business', 'Holder ' || n, '', '', '', '', '',
            '', '', CASE WHEN mod(n, 10) = 0 THEN 'CA' ELSE 'US' END, '', '', '2026-01-01',
            CASE WHEN mod(n, 10000) = 0 THEN 'Ooma' ELSE (ARRAY['Cellco Partnership', 'T-Mobile USA', 'Comcast',
                'AT&T Wireless', 'Frontier', 'Bandwidth'])[1 + mod(n, 6)] END FROM generate_series(1, {count}) n;
    INSERT INTO attempts (id, project_id, sequence, carrier, sent, made_at)
        SELECT n, n, 1, 'twilio', '{{}}', '2026-01-01' FROM generate_series(1, {count}) n;
    INSERT INTO carrier_orders (id, attempt_id, carrier, reference, word, support_ticket, made_at)
        SELECT n, n, 'twilio', 'KW' || n, '', '', '2026-01-01' FROM generate_series(1, {count}) n;
    INSERT INTO port_numbers (project_id, number, kind, verdict, needs_account_and_pin, carrier, network, state, since,
            due_on, seen, reasons, date_version, order_id)
        SELECT p, '+1' || (2000000000 + p * 50 + n), 'local', 'yes', false, 'twilio', '',
            (ARRAY['draft', 'awaiting_signature', 'in_review', 'with_losing_carrier', 'scheduled', 'action_required'])
                [1 + mod(p * 7 + p / 100, 6)], now() - mod(p, 12) * interval '1 day',
            current_date + mod(p * 31, 40) - 8,
            '{{}}', CASE WHEN mod(p * 7 + p / 100, 6) = 5 THEN '["pin"]' ELSE '[]' END::jsonb, 0, p
        FROM generate_series(1, {count}) p, generate_series(1, CASE WHEN mod(p, 20) = 0 THEN 50 ELSE 1 END) n;
    INSERT INTO port_cases (project_id, number_id, count, state, since, due_on, carrier, operator, country, reasons)
        SELECT DISTINCT ON (project_id) project_id, number.id, count(*) OVER (PARTITION BY project_id), state, since,
            due_on, carrier, operator, country, reasons
        FROM port_numbers AS number JOIN port_projects ON port_projects.id = project_id
        ORDER BY project_id, due_on, number.id;
"""

PAGES: Final = {
    "all": "",
    "late": "due=late",
    "rejected for the PIN": "state=action_required&reason=pin",
    "one provider": "provider=Verizon",
    "a rare provider": "provider=Ooma",
    "nobody's, in Canada, a week old": "who=0&country=CA&days=7",
    "a number": f"q=({2000000050 // 10**7}) 000-5001",
    "a name": "q=Holder 77",
    "an order": "q=KW777",
    "nothing is found": "q=Nobody at all",
    "a page from the middle": "after={middle}.1",
}


def main() -> None:
    """Measure and print."""
    with TemporaryDirectory() as name, database.running(Path(name) / "database") as server:
        os.environ.update(environ(server))
        make_tables(server)
        with filling(server) as connection:
            middle = _fill(connection)
        client = _desk()
        print(f"the desk's queue with {COUNT} transfers, median of {LOOKS} looks  (load {os.getloadavg()[0]:.1f})")
        for page, asked in PAGES.items():
            took = _looked(client, f"/desk/transfers/?{asked.format(middle=middle)}")
            print(f"  {page:34} {took:7.1f} ms  (wanted at most {WANTED_MS:.0f})", flush=True)


def _fill(connection: Connection) -> str:
    """Insert the rows; the day on which half of them are due."""
    connection.exec_driver_sql(_ROWS.format(count=COUNT))
    return str(connection.exec_driver_sql("SELECT current_date + 12").scalar_one())


def _desk() -> FlaskClient:
    """A browser of a person at the desk."""
    services = wire()
    with services.sessions.begin() as session:
        user = User(id=1, email="dan@desk.example", name="Dan", fs_uniquifier="dan", roles=[Role(name=DESK)])
        session.add(user)
    return browser_of(services, 1, second_step=True)


def _looked(client: FlaskClient, path: str) -> float:
    """The median of looks at a page, in milliseconds; the first two warm up."""
    times = []
    for _ in range(LOOKS + 2):
        began = time.perf_counter()
        answer = client.get(path)
        times.append((time.perf_counter() - began) * 1000)
        assert answer.status_code == HTTPStatus.OK, answer.status
    return median(times[2:])


if __name__ == "__main__":
    main()
