"""Services, application and sandbox, built once by each pytest worker: building them takes longer than most tests."""

from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from functools import cached_property

import requests
from jinja2 import FileSystemBytecodeCache

from sandbox.world import World
from service.app import create_app
from service.services import Mail, Services
from tests.in_process import InProcess
from tests.snapshots import Snapshots


@dataclass
class Mailbox:
    """The mailer of tests that are not about mail servers: it keeps every e-mail it is handed."""

    mails: list[Mail] = field(default_factory=list)

    def send(self, mail: Mail) -> None:
        self.mails.append(mail)

    def to(self, address):
        return [mail for mail in self.mails if mail.to == address]


@dataclass
class Rehearsal:
    """One sandbox with its web application, and the sessions between it and us."""

    world: World
    sandbox: InProcess
    to_us: requests.Session
    to_carrier: requests.Session


@dataclass
class Shared:
    """Our services and the application around them, built once."""

    services: Services
    compiled: FileSystemBytecodeCache
    snapshots: Snapshots

    def changed(self, settings):
        """The settings that differ from the shared ones, with their values."""
        asked, shared = asdict(settings), asdict(self.services.settings)
        return tuple(sorted(asked.items() - shared.items()))

    @cached_property
    def app(self):
        return self.app_around(self.services)

    @cached_property
    def config(self):
        """How the application is configured while no test has changed anything."""
        return dict(self.app.config)

    @contextmanager
    def beside(self, services):
        """An application around other services for the block. Afterwards its connections are closed.

        Garbage is collected too seldom to wait for that.
        """
        app = self.app_around(services)
        yield app
        del app.wsgi_app, app.extensions["webhooks"]
        if services.sessions is not self.services.sessions:
            self.app_around(self.services)  # limits are counted by the sessions of the application that was made last

    def app_around(self, services):
        app = create_app(services)
        app.config["TESTING"] = True
        app.jinja_env.bytecode_cache = self.compiled
        return app

    def app_as_new(self):
        """The application, with everything reset that tests before have changed."""
        config = self.config
        self.app.config.clear()
        self.app.config.update(config)
        self.app.extensions["services"] = self.services
        return self.app
