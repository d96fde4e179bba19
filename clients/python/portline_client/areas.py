"""The operations of the API, area by area. `python -m clients.generate` makes them."""

from typing import Any

from portline_client.transport import UNSET, Answer, Area, Transport, Unset, part


class CallPlans(Area):
    """Operations on call plans."""

    def back(self, line_id: int, *, idempotency_key: str = "") -> Answer:
        """Put back the plan from before the last change; doing so again undoes it."""
        return self._answered("POST", f"/lines/{line_id}/call-plan/put-back", idempotency_key=idempotency_key)

    def change(
        self,
        line_id: int,
        *,
        etag: str,
        nodes: dict[str, Any] | Unset = UNSET,
        opening: str | Unset = UNSET,
        closed: str | Unset = UNSET,
        hours: dict[str, Any] | Unset | None = UNSET,
        forwarding: dict[str, Any] | Unset | None = UNSET,
        hidden: str | Unset = UNSET,
        blocked: list[str] | Unset = UNSET,
        recorded: bool | Unset = UNSET,
        announces_by_law: bool | Unset = UNSET,
        tells_number: bool | Unset = UNSET,
        spots_machines: bool | Unset = UNSET,
        rings_busy: bool | Unset = UNSET,
    ) -> Answer:
        """Change what happens when a line rings. The next call follows it; the plan before can be put back."""
        return self._answered(
            "PATCH",
            f"/lines/{line_id}/call-plan",
            body={
                "nodes": nodes,
                "opening": opening,
                "closed": closed,
                "hours": hours,
                "forwarding": forwarding,
                "hidden": hidden,
                "blocked": blocked,
                "recorded": recorded,
                "announces_by_law": announces_by_law,
                "tells_number": tells_number,
                "spots_machines": spots_machines,
                "rings_busy": rings_busy,
            },
            etag=etag,
        )

    def show(self, line_id: int) -> Answer:
        """Get what happens when a line rings."""
        return self._answered("GET", f"/lines/{line_id}/call-plan")


class Calls(Area):
    """Operations on calls."""

    def further_recording(self, piece_id: int) -> bytes:
        """Get a further piece of the recording of a call."""
        return self._file("GET", f"/further-recordings/{piece_id}")

    def listing(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        view: str | None = None,
        line_id: int | None = None,
    ) -> Answer:
        """List calls, the latest first."""
        return self._answered(
            "GET", "/calls", query={"limit": limit, "cursor": cursor, "view": view, "line_id": line_id}
        )

    def recording(self, call_id: int) -> bytes:
        """Get the recording of a call, or the first piece of it."""
        return self._file("GET", f"/calls/{call_id}/recording")

    def show(self, call_id: int) -> Answer:
        """Get a call."""
        return self._answered("GET", f"/calls/{call_id}")

    def voicemail(self, call_id: int) -> bytes:
        """Get the sound of a call's voicemail. It stays new for the team."""
        return self._file("GET", f"/calls/{call_id}/voicemail")


class ContactCodes(Area):
    """Operations on contact codes."""

    def code(self, transfer_id: str, *, way: str | Unset = UNSET, idempotency_key: str = "") -> Answer:
        """Have a code sent to `contact_number`. Until it is entered, we write to the contact by email alone."""
        return self._answered(
            "POST", f"/transfers/{part(transfer_id)}/contact-code", body={"way": way}, idempotency_key=idempotency_key
        )

    def confirm(self, transfer_id: str, *, code: str, idempotency_key: str = "") -> Answer:
        """Enter the code that was sent to the contact."""
        return self._answered(
            "POST",
            f"/transfers/{part(transfer_id)}/confirm-contact",
            body={"code": code},
            idempotency_key=idempotency_key,
        )


class Contacts(Area):
    """Operations on contacts."""

    def add(
        self,
        *,
        number: str,
        name: str | Unset = UNSET,
        company: str | Unset = UNSET,
        email: str | Unset = UNSET,
        notes: str | Unset = UNSET,
        idempotency_key: str = "",
    ) -> Answer:
        """Write down a contact."""
        return self._answered(
            "POST",
            "/contacts",
            body={"number": number, "name": name, "company": company, "email": email, "notes": notes},
            idempotency_key=idempotency_key,
        )

    def change(
        self,
        contact_id: int,
        *,
        etag: str,
        name: str | Unset = UNSET,
        company: str | Unset = UNSET,
        email: str | Unset = UNSET,
        notes: str | Unset = UNSET,
    ) -> Answer:
        """Change what the team knows of a contact."""
        return self._answered(
            "PATCH",
            f"/contacts/{contact_id}",
            body={"name": name, "company": company, "email": email, "notes": notes},
            etag=etag,
        )

    def listing(self, *, limit: int | None = None, cursor: str | None = None, q: str | None = None) -> Answer:
        """List contacts in the order in which they were first known."""
        return self._answered("GET", "/contacts", query={"limit": limit, "cursor": cursor, "q": q})

    def show(self, contact_id: int) -> Answer:
        """Get a contact."""
        return self._answered("GET", f"/contacts/{contact_id}")


class DraftNumbers(Area):
    """Operations on draft numbers."""

    def add(self, transfer_id: str, *, numbers: list[str], idempotency_key: str = "") -> Answer:
        """Add numbers to a draft, and have the carrier asked whether they can come."""
        return self._answered(
            "POST",
            f"/transfers/{part(transfer_id)}/numbers",
            body={"numbers": numbers},
            idempotency_key=idempotency_key,
        )

    def operators(self, transfer_id: str) -> Answer:
        """List the operators of which one can be named with PATCH, where we know another one or none."""
        return self._answered("GET", f"/transfers/{part(transfer_id)}/operators")

    def remove(self, transfer_id: str, coming_id: int) -> Answer:
        """Remove a number from a draft. Its last one stays."""
        return self._answered("DELETE", f"/transfers/{part(transfer_id)}/numbers/{coming_id}")


class Drafts(Area):
    """Operations on drafts."""

    def ask_desk(self, transfer_id: str, *, idempotency_key: str = "") -> Answer:
        """Have our transfer desk look whose the numbers are, where they can take no code. It answers by email."""
        return self._answered("POST", f"/transfers/{part(transfer_id)}/ask-desk", idempotency_key=idempotency_key)

    def bill(self, transfer_id: str, *, content: bytes, media_type: str) -> Answer:
        """Upload the latest bill, in place of an earlier one: a PDF, JPEG or PNG of at most 10 MB as the body."""
        return self._answered("PUT", f"/transfers/{part(transfer_id)}/bill", content=content, media_type=media_type)

    def change(
        self,
        transfer_id: str,
        *,
        etag: str,
        subscriber_kind: str | Unset | None = UNSET,
        subscriber_name: str | Unset | None = UNSET,
        subscriber_id: str | Unset | None = UNSET,
        authorized_person: str | Unset | None = UNSET,
        authorized_email: str | Unset | None = UNSET,
        street: str | Unset | None = UNSET,
        street2: str | Unset | None = UNSET,
        city: str | Unset | None = UNSET,
        region: str | Unset | None = UNSET,
        postal_code: str | Unset | None = UNSET,
        account_number: str | Unset | None = UNSET,
        pin: str | Unset | None = UNSET,
        billing_number: str | Unset | None = UNSET,
        remaining: str | Unset | None = UNSET,
        new_billing_number: str | Unset | None = UNSET,
        wished: str | Unset | None = UNSET,
        contact_number: str | Unset | None = UNSET,
        contact_email: str | Unset | None = UNSET,
        line_id: int | Unset | None = UNSET,
        operator: str | Unset = UNSET,
    ) -> Answer:
        """Answer what a draft asks. What it still lacks is `missing` in the answer."""
        return self._answered(
            "PATCH",
            f"/transfers/{part(transfer_id)}",
            body={
                "subscriber_kind": subscriber_kind,
                "subscriber_name": subscriber_name,
                "subscriber_id": subscriber_id,
                "authorized_person": authorized_person,
                "authorized_email": authorized_email,
                "street": street,
                "street2": street2,
                "city": city,
                "region": region,
                "postal_code": postal_code,
                "account_number": account_number,
                "pin": pin,
                "billing_number": billing_number,
                "remaining": remaining,
                "new_billing_number": new_billing_number,
                "wished": wished,
                "contact_number": contact_number,
                "contact_email": contact_email,
                "line_id": line_id,
                "operator": operator,
            },
            etag=etag,
        )

    def code(self, transfer_id: str, *, number: str, way: str | Unset = UNSET, idempotency_key: str = "") -> Answer:
        """Have a code texted to a number of a draft, or read out in a call: it shows that the number is yours."""
        return self._answered(
            "POST",
            f"/transfers/{part(transfer_id)}/code",
            body={"number": number, "way": way},
            idempotency_key=idempotency_key,
        )

    def confirm(self, transfer_id: str, *, code: str, idempotency_key: str = "") -> Answer:
        """Enter the code that was sent to a number of a draft."""
        return self._answered(
            "POST", f"/transfers/{part(transfer_id)}/confirm", body={"code": code}, idempotency_key=idempotency_key
        )

    def questions(self, transfer_id: str) -> Answer:
        """Get what a transfer asks about the account at the old operator."""
        return self._answered("GET", f"/transfers/{part(transfer_id)}/questions")

    def send(
        self,
        transfer_id: str,
        *,
        keep_service: bool,
        other_services: bool,
        fees: bool,
        authority: bool,
        idempotency_key: str = "",
    ) -> Answer:
        """Send a draft. If our transfer desk has to look at it first, it stays one, and `ownership` is `at_desk`."""
        return self._answered(
            "POST",
            f"/transfers/{part(transfer_id)}/submit",
            body={"keep_service": keep_service, "other_services": other_services, "fees": fees, "authority": authority},
            idempotency_key=idempotency_key,
        )


class Messages(Area):
    """Operations on messages."""

    def cancel(self, message_id: int) -> None:
        """Cancel a text that has not left yet. One that has is refused with `conflict`."""
        self._done("DELETE", f"/messages/{message_id}")

    def conversation(self, conversation_id: int) -> Answer:
        """Get a conversation."""
        return self._answered("GET", f"/conversations/{conversation_id}")

    def conversations(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        view: str | None = None,
        line_id: int | None = None,
    ) -> Answer:
        """List conversations, the latest first."""
        return self._answered(
            "GET", "/conversations", query={"limit": limit, "cursor": cursor, "view": view, "line_id": line_id}
        )

    def file(self, file_id: int) -> bytes:
        """Get a picture or other file of a text."""
        return self._file("GET", f"/files/{file_id}")

    def message(self, message_id: int) -> Answer:
        """Get a text: whether it was delivered, among other things."""
        return self._answered("GET", f"/messages/{message_id}")

    def messages(self, conversation_id: int, *, limit: int | None = None, cursor: str | None = None) -> Answer:
        """List the texts of a conversation, the latest first, without those that are to be sent later."""
        return self._answered(
            "GET", f"/conversations/{conversation_id}/messages", query={"limit": limit, "cursor": cursor}
        )

    def scheduled(self, conversation_id: int) -> Answer:
        """List the texts of a conversation that are to be sent later, the next one first, all on one page."""
        return self._answered("GET", f"/conversations/{conversation_id}/scheduled-messages")

    def send(
        self,
        *,
        to: str,
        text: str | Unset = UNSET,
        pictures: list[bytes] | Unset = UNSET,
        line_id: int | Unset | None = UNSET,
        send_at: str | Unset | None = UNSET,
        idempotency_key: str = "",
    ) -> Answer:
        """Send a text, now or later, with up to ten pictures.

        Fetch it again to see its status: it is sent afterwards.
        """
        return self._answered(
            "POST",
            "/messages",
            body={"to": to, "text": text, "pictures": pictures, "line_id": line_id, "send_at": send_at},
            idempotency_key=idempotency_key,
        )


class Notices(Area):
    """Operations on notices."""

    def listing(self, transfer_id: str, *, limit: int | None = None, cursor: str | None = None) -> Answer:
        """List what the contact was told, the latest first."""
        return self._answered(
            "GET", f"/transfers/{part(transfer_id)}/notices", query={"limit": limit, "cursor": cursor}
        )


class Numbers(Area):
    """Operations on numbers."""

    def buy(
        self,
        *,
        search_id: int,
        number: str,
        line_id: int | Unset | None = UNSET,
        line_name: str | Unset = UNSET,
        idempotency_key: str = "",
    ) -> Answer:
        """Get a number that a search found.

        It costs its monthly price; one that you have already is answered as it is.
        """
        return self._answered(
            "POST",
            "/numbers",
            body={"search_id": search_id, "number": number, "line_id": line_id, "line_name": line_name},
            idempotency_key=idempotency_key,
        )

    def change(
        self, number_id: int, *, etag: str, name: str | Unset = UNSET, line_id: int | Unset | None = UNSET
    ) -> Answer:
        """Name a number, or move it to another line, which new calls and texts go to then."""
        return self._answered("PATCH", f"/numbers/{number_id}", body={"name": name, "line_id": line_id}, etag=etag)

    def found(self, search_id: int) -> Answer:
        """Get what a search found."""
        return self._answered("GET", f"/number-searches/{search_id}")

    def listing(self, *, limit: int | None = None, cursor: str | None = None) -> Answer:
        """List the numbers of the workspace."""
        return self._answered("GET", "/numbers", query={"limit": limit, "cursor": cursor})

    def release(self, number_id: int, *, idempotency_key: str = "") -> Answer:
        """Give up a number. It answers until `ends_at`, in a week, and can be kept until then."""
        return self._answered("POST", f"/numbers/{number_id}/release", idempotency_key=idempotency_key)

    def search(
        self,
        *,
        kind: str | Unset = UNSET,
        country: str | Unset = UNSET,
        area: str | Unset = UNSET,
        town: str | Unset = UNSET,
        contains: str | Unset = UNSET,
        idempotency_key: str = "",
    ) -> Answer:
        """Search numbers for sale. The carrier is asked meanwhile: fetch the search to see what it found."""
        return self._answered(
            "POST",
            "/number-searches",
            body={"kind": kind, "country": country, "area": area, "town": town, "contains": contains},
            idempotency_key=idempotency_key,
        )

    def show(self, number_id: int) -> Answer:
        """Get a number."""
        return self._answered("GET", f"/numbers/{number_id}")

    def stay(self, number_id: int, *, idempotency_key: str = "") -> Answer:
        """Keep a number that was to be released."""
        return self._answered("POST", f"/numbers/{number_id}/keep", idempotency_key=idempotency_key)


class Registration(Area):
    """Operations on registration."""

    def answer(
        self,
        *,
        etag: str,
        legal_name: str | Unset = UNSET,
        trade_name: str | Unset = UNSET,
        legal_form: str | Unset = UNSET,
        tax_id: str | Unset = UNSET,
        industry: str | Unset = UNSET,
        street: str | Unset = UNSET,
        street2: str | Unset = UNSET,
        city: str | Unset = UNSET,
        region: str | Unset = UNSET,
        postal_code: str | Unset = UNSET,
        website: str | Unset = UNSET,
        first_name: str | Unset = UNSET,
        last_name: str | Unset = UNSET,
        title: str | Unset = UNSET,
        email: str | Unset = UNSET,
        phone: str | Unset = UNSET,
        owner_mobile: str | Unset = UNSET,
        purpose: str | Unset = UNSET,
        sample_1: str | Unset = UNSET,
        sample_2: str | Unset = UNSET,
        way_wrote_first: bool | Unset = UNSET,
        way_own_website: bool | Unset = UNSET,
        way_on_paper: bool | Unset = UNSET,
        way_on_the_phone: bool | Unset = UNSET,
    ) -> Answer:
        """Answer what is asked about the business. Nothing is sent yet, and what is left out stays."""
        return self._answered(
            "PATCH",
            "/registration/business",
            body={
                "legal_name": legal_name,
                "trade_name": trade_name,
                "legal_form": legal_form,
                "tax_id": tax_id,
                "industry": industry,
                "street": street,
                "street2": street2,
                "city": city,
                "region": region,
                "postal_code": postal_code,
                "website": website,
                "first_name": first_name,
                "last_name": last_name,
                "title": title,
                "email": email,
                "phone": phone,
                "owner_mobile": owner_mobile,
                "purpose": purpose,
                "sample_1": sample_1,
                "sample_2": sample_2,
                "way_wrote_first": way_wrote_first,
                "way_own_website": way_own_website,
                "way_on_paper": way_on_paper,
                "way_on_the_phone": way_on_the_phone,
            },
            etag=etag,
        )

    def ask(self, *, idempotency_key: str = "") -> Answer:
        """Have the owner of a sole proprietor's business texted again: they have a day to answer YES."""
        return self._answered("POST", "/registration/ask-owner", idempotency_key=idempotency_key)

    def business(self) -> Answer:
        """Get the answers about the business, at first what is known from its last bill and its owner."""
        return self._answered("GET", "/registration/business")

    def show(self) -> Answer:
        """Get where the registration for texts stands. Toll-free numbers are verified one by one, on their pages."""
        return self._answered("GET", "/registration")

    def submit(
        self, *, agreed: bool, fee_cents: int, answered: list[str] | Unset = UNSET, idempotency_key: str = ""
    ) -> Answer:
        """Have the business registered, or registered again once it was refused.

        Its fee is due also if it is refused.
        """
        return self._answered(
            "POST",
            "/registration/submit",
            body={"agreed": agreed, "fee_cents": fee_cents, "answered": answered},
            idempotency_key=idempotency_key,
        )


class Team(Area):
    """Operations on team."""

    def listing(self) -> Answer:
        """List the members in the order in which they joined, all on one page."""
        return self._answered("GET", "/members")


class Transfers(Area):
    """Operations on transfers."""

    def begin(self, *, numbers: list[str], idempotency_key: str = "") -> Answer:
        """Begin a transfer as a draft, and have the carrier asked whether its numbers can come.

        The answer follows in a moment: fetch the transfer and look at `portability`. A single number that is in a draft
        already is answered with that draft.
        """
        return self._answered("POST", "/transfers", body={"numbers": numbers}, idempotency_key=idempotency_key)

    def dates(self, transfer_id: str) -> Answer:
        """Get the dates of a transfer."""
        return self._answered("GET", f"/transfers/{part(transfer_id)}/dates")

    def embed(self, transfer_id: str, *, page: str, idempotency_key: str = "") -> Answer:
        """Get a link, good for an hour, to a page about a transfer, which the platform's own may frame."""
        return self._answered(
            "POST",
            f"/transfers/{part(transfer_id)}/embedded-page",
            body={"page": page},
            idempotency_key=idempotency_key,
        )

    def history(self, transfer_id: str, *, limit: int | None = None, cursor: str | None = None) -> Answer:
        """List what happened to a transfer, the latest first."""
        return self._answered(
            "GET", f"/transfers/{part(transfer_id)}/history", query={"limit": limit, "cursor": cursor}
        )

    def listing(self, *, limit: int | None = None, cursor: str | None = None) -> Answer:
        """List transfers, the newest first."""
        return self._answered("GET", "/transfers", query={"limit": limit, "cursor": cursor})

    def show(self, transfer_id: str) -> Answer:
        """Get a transfer."""
        return self._answered("GET", f"/transfers/{part(transfer_id)}")


class Underway(Area):
    """Operations on underway."""

    def again(self, transfer_id: str, coming_id: int, *, idempotency_key: str = "") -> Answer:
        """Go on with a number that was taken back."""
        return self._answered(
            "POST", f"/transfers/{part(transfer_id)}/numbers/{coming_id}/move-again", idempotency_key=idempotency_key
        )

    def back(self, transfer_id: str, coming_id: int, *, idempotency_key: str = "") -> Answer:
        """Have the temporary number serve again in place of one that has arrived."""
        return self._answered(
            "POST", f"/transfers/{part(transfer_id)}/numbers/{coming_id}/take-back", idempotency_key=idempotency_key
        )

    def call_off(self, transfer_id: str, *, idempotency_key: str = "") -> Answer:
        """Cancel every number that has not arrived. What was sent already waits for the carrier’s answer."""
        return self._answered("POST", f"/transfers/{part(transfer_id)}/cancel", idempotency_key=idempotency_key)

    def mend(
        self,
        transfer_id: str,
        *,
        subscriber_kind: str | Unset | None = UNSET,
        subscriber_name: str | Unset | None = UNSET,
        subscriber_id: str | Unset | None = UNSET,
        authorized_person: str | Unset | None = UNSET,
        authorized_email: str | Unset | None = UNSET,
        street: str | Unset | None = UNSET,
        street2: str | Unset | None = UNSET,
        city: str | Unset | None = UNSET,
        region: str | Unset | None = UNSET,
        postal_code: str | Unset | None = UNSET,
        account_number: str | Unset | None = UNSET,
        pin: str | Unset | None = UNSET,
        billing_number: str | Unset | None = UNSET,
        remaining: str | Unset | None = UNSET,
        new_billing_number: str | Unset | None = UNSET,
        wished: str | Unset | None = UNSET,
        contact_number: str | Unset | None = UNSET,
        contact_email: str | Unset | None = UNSET,
        idempotency_key: str = "",
    ) -> Answer:
        """Correct what the old operator rejected, which sends it again, or what our desk asks for."""
        return self._answered(
            "POST",
            f"/transfers/{part(transfer_id)}/correct",
            body={
                "subscriber_kind": subscriber_kind,
                "subscriber_name": subscriber_name,
                "subscriber_id": subscriber_id,
                "authorized_person": authorized_person,
                "authorized_email": authorized_email,
                "street": street,
                "street2": street2,
                "city": city,
                "region": region,
                "postal_code": postal_code,
                "account_number": account_number,
                "pin": pin,
                "billing_number": billing_number,
                "remaining": remaining,
                "new_billing_number": new_billing_number,
                "wished": wished,
                "contact_number": contact_number,
                "contact_email": contact_email,
            },
            idempotency_key=idempotency_key,
        )

    def move(self, transfer_id: str, *, wished: str | None, idempotency_key: str = "") -> Answer:
        """Ask the old operator for another day."""
        return self._answered(
            "POST",
            f"/transfers/{part(transfer_id)}/reschedule",
            body={"wished": wished},
            idempotency_key=idempotency_key,
        )

    def proof(self, transfer_id: str) -> Answer:
        """Get what is proven of each number, channel by channel, and whether the old service can end."""
        return self._answered("GET", f"/transfers/{part(transfer_id)}/proof")

    def signature(self, transfer_id: str) -> Answer:
        """Get who signs the letter of authorization, and whether it waits for them. They get it by email."""
        return self._answered("GET", f"/transfers/{part(transfer_id)}/signature")

    def test(self, transfer_id: str, coming_id: int, *, idempotency_key: str = "") -> Answer:
        """Have a number that has arrived called and texted from our own, once a minute."""
        return self._answered(
            "POST", f"/transfers/{part(transfer_id)}/numbers/{coming_id}/test", idempotency_key=idempotency_key
        )


class Webhooks(Area):
    """Operations on webhooks."""

    def add(self, *, url: str, events: list[str], idempotency_key: str = "") -> Answer:
        """Add an endpoint. Its answer has the secret with which you verify that an event is ours."""
        return self._answered(
            "POST", "/webhook-endpoints", body={"url": url, "events": events}, idempotency_key=idempotency_key
        )

    def change(
        self,
        endpoint_id: int,
        *,
        etag: str,
        url: str | Unset = UNSET,
        events: list[str] | Unset = UNSET,
        enabled: bool | Unset = UNSET,
    ) -> Answer:
        """Change an endpoint, or switch it off or on."""
        return self._answered(
            "PATCH",
            f"/webhook-endpoints/{endpoint_id}",
            body={"url": url, "events": events, "enabled": enabled},
            etag=etag,
        )

    def deliveries(self, endpoint_id: int, *, limit: int | None = None, cursor: str | None = None) -> Answer:
        """List what was sent to an endpoint in the last 30 days, the latest first."""
        return self._answered(
            "GET", f"/webhook-endpoints/{endpoint_id}/deliveries", query={"limit": limit, "cursor": cursor}
        )

    def listing(self) -> Answer:
        """List the endpoints, all on one page."""
        return self._answered("GET", "/webhook-endpoints")

    def remove(self, endpoint_id: int) -> None:
        """Remove an endpoint and its deliveries."""
        self._done("DELETE", f"/webhook-endpoints/{endpoint_id}")

    def replay(self, endpoint_id: int, delivery_id: int, *, idempotency_key: str = "") -> Answer:
        """Send an event once more, with the same `event_id`."""
        return self._answered(
            "POST", f"/webhook-endpoints/{endpoint_id}/deliveries/{delivery_id}/replay", idempotency_key=idempotency_key
        )

    def replay_span(self, endpoint_id: int, *, since: str, until: str, idempotency_key: str = "") -> Answer:
        """Send all events of a span of time once more, at most 10,000, each with the same `event_id`."""
        return self._answered(
            "POST",
            f"/webhook-endpoints/{endpoint_id}/replay",
            body={"since": since, "until": until},
            idempotency_key=idempotency_key,
        )

    def rotate(self, endpoint_id: int, *, idempotency_key: str = "") -> Answer:
        """Get a new secret. For 24 hours events are signed with the one before too."""
        return self._answered("POST", f"/webhook-endpoints/{endpoint_id}/rotate", idempotency_key=idempotency_key)

    def samples(self, *, type: str | None = None) -> Answer:
        """List a made-up event of each type, all on one page, for tools that map what an event has."""
        return self._answered("GET", "/event-samples", query={"type": type})

    def show(self, endpoint_id: int) -> Answer:
        """Get an endpoint."""
        return self._answered("GET", f"/webhook-endpoints/{endpoint_id}")

    def test(self, endpoint_id: int, *, idempotency_key: str = "") -> Answer:
        """Send an event of the type `test`. See the deliveries for what the endpoint answered."""
        return self._answered("POST", f"/webhook-endpoints/{endpoint_id}/test", idempotency_key=idempotency_key)


class Workspace(Area):
    """Operations on workspace."""

    def lines(self) -> Answer:
        """List the lines that the key sees, all on one page."""
        return self._answered("GET", "/lines")

    def show(self) -> Answer:
        """Get the workspace of the key."""
        return self._answered("GET", "/workspace")


class Workspaces(Area):
    """Operations on workspaces."""

    def add(
        self,
        *,
        name: str,
        email: str,
        person: str | Unset = UNSET,
        language: str | Unset = UNSET,
        zone: str | Unset = UNSET,
        area: str | Unset = UNSET,
        spend_per_day: int | Unset | None = UNSET,
        scopes: list[str] | Unset = UNSET,
        idempotency_key: str = "",
    ) -> Answer:
        """Open a workspace for a customer, with a number as soon as one may be bought.

        Its owner signs in with a code that is mailed to them. The key works in their name, until they revoke it.
        """
        return self._answered(
            "POST",
            "/workspaces",
            body={
                "name": name,
                "email": email,
                "person": person,
                "language": language,
                "zone": zone,
                "area": area,
                "spend_per_day": spend_per_day,
                "scopes": scopes,
            },
            idempotency_key=idempotency_key,
        )

    def brand(self, *, name: str, frames: list[str]) -> Answer:
        """Set what its customers' pages, mails and texts call the service, and which sites may embed pages."""
        return self._answered("PUT", "/platform", body={"name": name, "frames": frames})

    def listing(self, *, limit: int | None = None, cursor: str | None = None) -> Answer:
        """List the workspaces that the platform opened."""
        return self._answered("GET", "/workspaces", query={"limit": limit, "cursor": cursor})

    def platform(self) -> Answer:
        """Get the platform that the workspace of the key is."""
        return self._answered("GET", "/platform")

    def show(self, workspace_id: int) -> Answer:
        """Get a workspace that the platform opened."""
        return self._answered("GET", f"/workspaces/{workspace_id}")


class Areas:
    """All areas, each by its name."""

    def __init__(self, transport: Transport) -> None:
        self.call_plans = CallPlans(transport)
        self.calls = Calls(transport)
        self.contact_codes = ContactCodes(transport)
        self.contacts = Contacts(transport)
        self.draft_numbers = DraftNumbers(transport)
        self.drafts = Drafts(transport)
        self.messages = Messages(transport)
        self.notices = Notices(transport)
        self.numbers = Numbers(transport)
        self.registration = Registration(transport)
        self.team = Team(transport)
        self.transfers = Transfers(transport)
        self.underway = Underway(transport)
        self.webhooks = Webhooks(transport)
        self.workspace = Workspace(transport)
        self.workspaces = Workspaces(transport)


OPERATIONS = {
    "call_plans.back": ("POST", "/lines/{line_id}/call-plan/put-back", "calls:write"),
    "call_plans.change": ("PATCH", "/lines/{line_id}/call-plan", "calls:write"),
    "call_plans.show": ("GET", "/lines/{line_id}/call-plan", "calls:read"),
    "calls.further_recording": ("GET", "/further-recordings/{piece_id}", "calls:read"),
    "calls.listing": ("GET", "/calls", "calls:read"),
    "calls.recording": ("GET", "/calls/{call_id}/recording", "calls:read"),
    "calls.show": ("GET", "/calls/{call_id}", "calls:read"),
    "calls.voicemail": ("GET", "/calls/{call_id}/voicemail", "calls:read"),
    "contact_codes.code": ("POST", "/transfers/{transfer_id}/contact-code", "transfers:write"),
    "contact_codes.confirm": ("POST", "/transfers/{transfer_id}/confirm-contact", "transfers:write"),
    "contacts.add": ("POST", "/contacts", "contacts:write"),
    "contacts.change": ("PATCH", "/contacts/{contact_id}", "contacts:write"),
    "contacts.listing": ("GET", "/contacts", "contacts:read"),
    "contacts.show": ("GET", "/contacts/{contact_id}", "contacts:read"),
    "draft_numbers.add": ("POST", "/transfers/{transfer_id}/numbers", "transfers:write"),
    "draft_numbers.operators": ("GET", "/transfers/{transfer_id}/operators", "transfers:read"),
    "draft_numbers.remove": ("DELETE", "/transfers/{transfer_id}/numbers/{coming_id}", "transfers:write"),
    "drafts.ask_desk": ("POST", "/transfers/{transfer_id}/ask-desk", "transfers:write"),
    "drafts.bill": ("PUT", "/transfers/{transfer_id}/bill", "transfers:write"),
    "drafts.change": ("PATCH", "/transfers/{transfer_id}", "transfers:write"),
    "drafts.code": ("POST", "/transfers/{transfer_id}/code", "transfers:write"),
    "drafts.confirm": ("POST", "/transfers/{transfer_id}/confirm", "transfers:write"),
    "drafts.questions": ("GET", "/transfers/{transfer_id}/questions", "transfers:read"),
    "drafts.send": ("POST", "/transfers/{transfer_id}/submit", "transfers:write"),
    "messages.cancel": ("DELETE", "/messages/{message_id}", "messages:write"),
    "messages.conversation": ("GET", "/conversations/{conversation_id}", "messages:read"),
    "messages.conversations": ("GET", "/conversations", "messages:read"),
    "messages.file": ("GET", "/files/{file_id}", "messages:read"),
    "messages.message": ("GET", "/messages/{message_id}", "messages:read"),
    "messages.messages": ("GET", "/conversations/{conversation_id}/messages", "messages:read"),
    "messages.scheduled": ("GET", "/conversations/{conversation_id}/scheduled-messages", "messages:read"),
    "messages.send": ("POST", "/messages", "messages:write"),
    "notices.listing": ("GET", "/transfers/{transfer_id}/notices", "transfers:read"),
    "numbers.buy": ("POST", "/numbers", "numbers:write"),
    "numbers.change": ("PATCH", "/numbers/{number_id}", "numbers:write"),
    "numbers.found": ("GET", "/number-searches/{search_id}", "numbers:read"),
    "numbers.listing": ("GET", "/numbers", "numbers:read"),
    "numbers.release": ("POST", "/numbers/{number_id}/release", "numbers:write"),
    "numbers.search": ("POST", "/number-searches", "numbers:read"),
    "numbers.show": ("GET", "/numbers/{number_id}", "numbers:read"),
    "numbers.stay": ("POST", "/numbers/{number_id}/keep", "numbers:write"),
    "registration.answer": ("PATCH", "/registration/business", "numbers:write"),
    "registration.ask": ("POST", "/registration/ask-owner", "numbers:write"),
    "registration.business": ("GET", "/registration/business", "numbers:read"),
    "registration.show": ("GET", "/registration", "numbers:read"),
    "registration.submit": ("POST", "/registration/submit", "numbers:write"),
    "team.listing": ("GET", "/members", "team:read"),
    "transfers.begin": ("POST", "/transfers", "transfers:write"),
    "transfers.dates": ("GET", "/transfers/{transfer_id}/dates", "transfers:read"),
    "transfers.embed": ("POST", "/transfers/{transfer_id}/embedded-page", "transfers:write"),
    "transfers.history": ("GET", "/transfers/{transfer_id}/history", "transfers:read"),
    "transfers.listing": ("GET", "/transfers", "transfers:read"),
    "transfers.show": ("GET", "/transfers/{transfer_id}", "transfers:read"),
    "underway.again": ("POST", "/transfers/{transfer_id}/numbers/{coming_id}/move-again", "transfers:write"),
    "underway.back": ("POST", "/transfers/{transfer_id}/numbers/{coming_id}/take-back", "transfers:write"),
    "underway.call_off": ("POST", "/transfers/{transfer_id}/cancel", "transfers:write"),
    "underway.mend": ("POST", "/transfers/{transfer_id}/correct", "transfers:write"),
    "underway.move": ("POST", "/transfers/{transfer_id}/reschedule", "transfers:write"),
    "underway.proof": ("GET", "/transfers/{transfer_id}/proof", "transfers:read"),
    "underway.signature": ("GET", "/transfers/{transfer_id}/signature", "transfers:read"),
    "underway.test": ("POST", "/transfers/{transfer_id}/numbers/{coming_id}/test", "transfers:write"),
    "webhooks.add": ("POST", "/webhook-endpoints", "webhooks:write"),
    "webhooks.change": ("PATCH", "/webhook-endpoints/{endpoint_id}", "webhooks:write"),
    "webhooks.deliveries": ("GET", "/webhook-endpoints/{endpoint_id}/deliveries", "webhooks:write"),
    "webhooks.listing": ("GET", "/webhook-endpoints", "webhooks:write"),
    "webhooks.remove": ("DELETE", "/webhook-endpoints/{endpoint_id}", "webhooks:write"),
    "webhooks.replay": ("POST", "/webhook-endpoints/{endpoint_id}/deliveries/{delivery_id}/replay", "webhooks:write"),
    "webhooks.replay_span": ("POST", "/webhook-endpoints/{endpoint_id}/replay", "webhooks:write"),
    "webhooks.rotate": ("POST", "/webhook-endpoints/{endpoint_id}/rotate", "webhooks:write"),
    "webhooks.samples": ("GET", "/event-samples", "webhooks:write"),
    "webhooks.show": ("GET", "/webhook-endpoints/{endpoint_id}", "webhooks:write"),
    "webhooks.test": ("POST", "/webhook-endpoints/{endpoint_id}/test", "webhooks:write"),
    "workspace.lines": ("GET", "/lines", ""),
    "workspace.show": ("GET", "/workspace", ""),
    "workspaces.add": ("POST", "/workspaces", "workspaces:write"),
    "workspaces.brand": ("PUT", "/platform", "workspaces:write"),
    "workspaces.listing": ("GET", "/workspaces", "workspaces:write"),
    "workspaces.platform": ("GET", "/platform", "workspaces:write"),
    "workspaces.show": ("GET", "/workspaces/{workspace_id}", "workspaces:write"),
}
"""Method, path and scope of each operation; without a scope any key may."""
