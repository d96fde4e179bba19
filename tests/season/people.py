"""The people of a season: customers, who sign, answer and forget; and those of the desk, who work from its queue."""

import re
from urllib.parse import urlsplit

from sandbox.losing_carriers import record_of
from sandbox.porting.records import RequestStatus
from sandbox.scenarios import GOOD_PIN

SECRETS = {"Account number": "account_number", "Transfer PIN": "pin"}


class DeskPerson:
    """One of the desk, with a browser. What is to be done they learn from the queue alone."""

    def __init__(self, reader, user_id, world):
        self.reader, self.user_id, self._world = reader, user_id, world
        self.done = []

    def listed(self, **filters):
        """The transfers that the queue lists under these filters, each with where it is and how it stands."""
        found, page = [], self.reader.get("queue.show", **filters)
        while True:
            found += [_row(row) for row in page.select("tbody tr")]
            more = page.select_one("a[rel=next]")
            if not more:
                return found
            page = self.reader.open(more["href"])

    def share_out(self, colleague):
        """Take every other transfer that nobody has, and give the rest to a colleague."""
        nobodys = [public_id for public_id, _, _ in self.listed(who=0)]
        for person, theirs in ((self, nobodys[::2]), (colleague, nobodys[1::2])):
            if theirs:
                self._post("queue.act", transfer=theirs, assignee=person.user_id, assign="yes")

    def shift(self):
        """Answer the rejections of one's transfers, and do what is due today with the others."""
        when_due = {
            "Draft": self._file,
            "Waiting for the signature": self._remind,
            "With the provider": self._call_provider,
        }
        for public_id, where, stands in self.listed(who=self.user_id):
            if where == "Rejected: waiting on the customer":
                self._answer_rejection(public_id)
            elif where in when_due and not stands.startswith("Due in"):
                when_due[where](public_id)

    def _answer_rejection(self, public_id):
        """Ask the customer for what only they may tell; correct the rest by what the provider says on the telephone."""
        page = self._open(public_id)
        if page.says("Waiting for the customer since"):
            return
        wrong = [label for label, said in self._objected(page) if said != "–"]
        if secret := next((SECRETS[label] for label in wrong if label in SECRETS), None):
            self.reader.get("desk_transfer.show", public_id=public_id, macro=secret)
            self.reader.submit(button="Ask the customer")
            self.done.append("asked")
        else:
            record = record_of(self._number(page), self._world.state.seed)
            self.reader.get("desk_acts.ask_corrections", public_id=public_id)
            self.reader.submit(subscriber_name=record.name, street=record.street, postal_code=record.postal_code)
            self.done.append("corrected")

    def _objected(self, page):
        for row in page.select("section[aria-labelledby=compared] tbody tr"):
            cells = [" ".join(cell.get_text(" ").split()) for cell in row.select("td")]
            yield cells[0].removesuffix(" Differs"), cells[4]

    def _file(self, public_id):
        self._open(public_id)
        self._post("desk_acts.file", public_id)
        self.done.append("filed")

    def _remind(self, public_id):
        self.reader.get("desk_transfer.show", public_id=public_id, macro="waiting")
        self.reader.submit(button="Send message")
        self.done.append("reminded")

    def _call_provider(self, public_id):
        """Telephone the losing carrier, which looks for the order then, and write down that one did."""
        page = self._open(public_id)
        self._world.accept(self._number(page))
        self._post(
            "desk_transfer.assign", public_id, assignee=self.user_id, next_step="Called the provider", next_on=""
        )
        self.done.append("called")

    def _open(self, public_id):
        return self.reader.get("desk_transfer.show", public_id=public_id)

    def _number(self, page):
        return "+1" + re.sub(r"\D", "", page.heading())[:10]

    def _post(self, endpoint, public_id=None, **data):
        token = self.reader.page.select_one("main [name=csrf_token]")["value"]
        address = self.reader.address(endpoint, **({"public_id": public_id} if public_id else {}))
        answer = self.reader.client.post(address, data={"csrf_token": token, **data})
        assert answer.status_code == 302, answer.text


def _row(row):
    """A transfer of the queue: its name in addresses, where it is, how it stands against its target."""
    _, _, where, stands, *_ = row.select("td")
    return row.select_one("[name=transfer]")["value"], next(where.stripped_strings), stands.get_text().strip()


class Customers:
    """They sign at once or when they are reminded, and answer what the desk asks by the link in its mail."""

    def __init__(self, world, mailbox):
        self._world, self._mailbox = world, mailbox
        self._known, self._tardy, self._read = {}, set(), 0

    def join(self, mail, reader, record, *, tardy):
        """A customer with this address and browser, who looks up what their old operator has on record if asked."""
        self._known[mail] = reader, record
        if tardy:
            self._tardy.add(mail)

    def act(self):
        """Read the mail, answer it, and sign."""
        new, self._read = self._mailbox.mails[self._read :], len(self._mailbox.mails)
        for mail in new:
            if mail.to in self._known:
                self._heed(mail)
        for port_in in self._world.state.port_ins.values():
            signs = port_in.customer["authorized_representative_email"] not in self._tardy
            if signs and port_in.status is RequestStatus.WAITING_FOR_SIGNATURE and not port_in.signed:
                self._world.sign(port_in.sid)

    def _heed(self, mail):
        if mail.subject.startswith("Our transfer desk wrote to you"):
            self._tardy.discard(mail.to)
        elif mail.subject.startswith("We need one thing from you"):
            link = re.search(r"http\S+/fix\S*", mail.text).group()
            self._answer(*self._known[mail.to], urlsplit(link).path)

    def _answer(self, reader, record, path):
        if reader.client.get(path).status_code != 200:
            return
        page = reader.open(path)
        asked = {field["name"] for field in page.select("main form input[name]")}
        right = {"account_number": record.account_number, "pin": GOOD_PIN}
        reader.submit(**{name: value for name, value in right.items() if name in asked})
