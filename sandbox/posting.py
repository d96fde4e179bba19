"""Carries callbacks out, through whatever faults are switched on, and writes down what became of each."""

from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlsplit

import requests

from sandbox.callbacks import Letter, Reply, deliver
from sandbox.exchange import Exchange, What
from sandbox.faults import FaultKind
from sandbox.records import Post, Step, new_sid

MOST_KEPT = 1000
NOTHING = Reply(0, "", "dropped")
HELD = "held back"


class Postman:
    """Posts without holding the lock: the receiver may call the carrier while it answers."""

    def __init__(self, exchange: Exchange, session: requests.Session) -> None:
        self._exchange = exchange
        self._session = session

    def carry(self, step: Step) -> tuple[Post, Reply] | None:
        """Send a callback that is due, or let a fault keep it; what was sent and what came back."""
        post = self._exchange.state.posts.get(step.subject)
        if post is None or post.sent or (not post.fate and self._kept(post)):
            return None
        reply = self._send(post)
        if self._exchange.faults.strike(FaultKind.DOUBLE, _path(post)):
            self._send(post)
        self._release_held(post)
        return post, reply

    def ask(self, account_sid: str, url: str, method: str, form: dict[str, str], fallback_url: str = "") -> Reply:
        """Ask the customer's application during a call, and wait for the answer."""
        now = self._exchange.now()
        post = Post(new_sid("PO"), account_sid, url, method, now, list(form.items()), fallback_url=fallback_url)
        with self._exchange.changing() as state:
            state.posts[post.sid] = post
        if self._exchange.faults.strike(FaultKind.DROP, _path(post)):
            post.fate.append("dropped")
            return NOTHING
        return self._send(post)

    def _kept(self, post: Post) -> bool:
        """Whether a fault keeps this callback back, for a time or for ever."""
        faults, path = self._exchange.faults, _path(post)
        with self._exchange.changing():
            if faults.strike(FaultKind.DROP, path):
                post.fate.append("dropped")
            elif late := faults.strike(FaultKind.DELAY, path):
                post.fate.append(f"delayed {late.seconds:g} s")
                self._exchange.later(What.POST, post.sid, timedelta(seconds=late.seconds))
            elif faults.strike(FaultKind.REORDER, path):
                post.fate.append(HELD)
                self._exchange.later(What.POST, post.sid, self._exchange.delays.held_callback)
            else:
                return False
        return True

    def _release_held(self, overtaker: Post) -> None:
        with self._exchange.lock:
            held = [post for post in self._exchange.state.posts.values() if post.fate == [HELD]]
        for post in held:
            if post is not overtaker:
                self._send(post)

    def _send(self, post: Post) -> Reply:
        with self._exchange.changing() as state:
            post.sent = self._exchange.now()
            token = state.accounts[post.account_sid].token
        if self._exchange.faults.strike(FaultKind.FORGE, _path(post)):
            token = f"not {token}"
            post.fate.append("forged")
        letter = self._letter(post)
        reply = deliver(self._session, letter, token)
        post.fate.append(f"{reply.status or reply.text}")
        if not reply.good and post.fallback_url:
            told = (*letter.form, ("ErrorCode", "11200"), ("ErrorUrl", post.url))
            reply = deliver(self._session, replace(letter, url=post.fallback_url, form=told), token)
            post.fate.append(f"fallback {reply.status or reply.text}")
        self._forget_oldest()
        return reply

    def _letter(self, post: Post) -> Letter:
        faults, path = self._exchange.faults, _path(post)
        return Letter(
            post.url,
            post.method,
            tuple(post.form),
            post.json_body,
            signs_fragment=faults.strike(FaultKind.SIGN_FRAGMENT, path) is not None,
            repeats_hash=faults.strike(FaultKind.REPEAT_HASH, path) is not None,
        )

    def _forget_oldest(self) -> None:
        with self._exchange.changing() as state:
            for sid in [sid for sid, post in state.posts.items() if post.sent][: -MOST_KEPT or None]:
                del state.posts[sid]


def _path(post: Post) -> str:
    return urlsplit(post.url).path
