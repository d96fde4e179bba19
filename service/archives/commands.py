"""Commands about the archive of a workspace."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import click
from flask import Flask

from service.archives.reading import read_in
from service.archives.writing import written
from service.commands import refusing
from service.services import Services


def register(app: Flask, services: Services) -> None:
    """Add the commands to an app."""

    @app.cli.command("export-workspace")
    @click.argument("workspace_id", type=int)
    @click.argument("path", type=click.Path(exists=False, dir_okay=False, path_type=Path))
    def export_workspace(workspace_id: int, path: Path) -> None:
        """Write all of a workspace, by its id, into a new file, for its owner or for `import-workspace`."""
        with refusing(), _new(path) as file:
            file.writelines(written(services, workspace_id))

    @app.cli.command("import-workspace")
    @click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
    def import_workspace(path: Path) -> None:
        """Make a workspace of what `export-workspace` wrote, here or elsewhere."""
        with refusing():
            workspace_id = read_in(services, path)
        click.echo(f"This is workspace {workspace_id} now. Its people sign in with a code from their mail.")


@contextmanager
def _new(path: Path) -> Iterator[BinaryIO]:
    """A file that nobody else reads, and that is there only if all of it was written."""
    try:
        file = os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
    except OSError as error:
        raise click.ClickException(f"{path} cannot be made: {error.strerror}.") from None
    try:
        with file:
            yield file
    except BaseException:
        path.unlink()
        raise
