"""The documentation agrees with the code."""

import ast
import importlib
import re
import subprocess
from collections import Counter
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

import pytest
from dotenv import dotenv_values

from provisioning.registry import available
from service.__main__ import main
from service.alerts import AlertKind
from service.config import Settings
from service.doctor.connections import shares
from service.web.desk.alert_words import ALERTS

ROOT = Path(__file__).parent.parent
PAGES = sorted(
    [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *ROOT.glob("*/README.md"), *ROOT.glob("*/*/*/README.md")]
)
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)|!\[[^\]]*\]\(([^)\s]+)\)")
PLACE = re.compile(r"`((?:\w+/)*\w+\.py):(\w+(?:\.\w+)?)`")


def links(page: Path) -> Iterator[str]:
    for link, picture in LINK.findall(page.read_text()):
        target = link or picture
        if not target.startswith(("http://", "https://", "mailto:")):
            yield target


def headings(page: Path) -> set[str]:
    """The anchors that a page's headings have on the usual hosts."""
    titles = re.findall(r"^#+ (.*)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).strip().replace(" ", "-") for title in titles}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_of_a_page_leads_somewhere(page):
    for link in links(page):
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), link
        if anchor and target.suffix == ".md":
            assert anchor in headings(target), link


def definitions(path: Path) -> set[str]:
    """Functions, classes and names of a module, methods as `Class.method`."""
    found = set()
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.add(node.name)
        if isinstance(node, ast.ClassDef):
            found |= {f"{node.name}.{part.name}" for part in node.body if isinstance(part, ast.FunctionDef)}
        if isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            found |= {target.id for target in targets if isinstance(target, ast.Name)}
    return found


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_place_in_the_code_that_a_page_names_is_there(page):
    for file, name in PLACE.findall(page.read_text()):
        assert (ROOT / file).is_file(), file
        assert name in definitions(ROOT / file), f"{file}:{name}"


def the_six_paths():
    page = (ROOT / "docs" / "architecture.md").read_text().partition("\n## The six paths\n")[2]
    return re.split(r"^### ", page, flags=re.MULTILINE)[1:]


def test_the_page_of_the_house_tells_the_six_paths():
    assert [path.splitlines()[0][:2] for path in the_six_paths()] == ["1.", "2.", "3.", "4.", "5.", "6."]


@pytest.mark.parametrize("path", the_six_paths(), ids=lambda path: path.splitlines()[0])
def test_a_path_is_told_by_the_functions_it_walks_and_enters_no_file_twice(path):
    """Data walks forward: a reader who follows a path never has to turn back."""
    walked = [file for file, _ in groupby(file for file, _ in PLACE.findall(path))]
    assert len(walked) >= 3
    assert [file for file, times in Counter(walked).items() if times > 1] == []


def test_every_setting_is_in_the_readme():
    source = "".join((ROOT / "service" / name).read_text() for name in ("config.py", "config_values.py"))
    settings = re.findall(r"env\.\w+\(\s*\"([A-Z_]+)\"", source)
    table = set(re.findall(r"^\| `([A-Z_]+)`", (ROOT / "README.md").read_text(), re.MULTILINE))
    assert settings
    assert set(settings) - table == set()


@pytest.mark.parametrize("carrier", available())
def test_every_setting_of_a_carrier_is_on_its_page(carrier):
    folder = ROOT / "provisioning" / "carriers" / carrier
    prefix = carrier.upper()
    named = {
        name
        for path in folder.rglob("*.py")
        for name in re.findall(rf"environ.*?\"({prefix}_[A-Z_]+)\"", path.read_text())
    }
    assert {name for name in named if f"`{name}`" not in (folder / "README.md").read_text()} == set()


def test_every_kind_of_alert_has_its_row_for_operators_and_its_words_at_the_desk():
    page = (ROOT / "docs" / "operating.md").read_text()
    table = page[page.index("| alert |") :].partition("\n\n")[0]
    assert re.findall(r"</a>`([a-z_]+)` \|", table) == list(AlertKind)
    assert list(ALERTS) == list(AlertKind)
    assert all(ALERTS.values())


@pytest.mark.parametrize("kind", AlertKind)
def test_every_kind_of_alert_is_raised_by_something(kind):
    sources = [path.read_text() for package in ("service", "webhooks") for path in (ROOT / package).rglob("*.py")]
    sources.remove((ROOT / "service" / "alerts.py").read_text())  # which only says how severe they are
    assert sum(f"AlertKind.{kind.name}" in source for source in sources) >= 2, (
        "once in the words, once where it is raised"
    )


def test_the_example_environment_names_what_the_settings_read():
    example = set(re.findall(r"^#?\s?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
    source = (ROOT / "service" / "config.py").read_text()
    assert set(re.findall(r"env\.\w+\(\s*\"([A-Z_]+)\"", source)) - example == set()


@pytest.mark.parametrize("mark", ["", "# "], ids=["as it is", "with all that is commented out"])
def test_a_shell_reads_the_example_environment_as_we_do(tmp_path, mark):
    """With `set -a; . ./.env`, as an operator would; a setting of several words has to be quoted for that."""
    example, values = tmp_path / ".env", tmp_path / "values"
    example.write_text(re.sub(rf"^{mark}(?=[A-Z_]+=)", "", (ROOT / ".env.example").read_text(), flags=re.MULTILINE))
    sourced = ["/bin/sh", "-euc", f"set -a; . {example}; env -0 > {values}"]
    subprocess.run(sourced, check=True, env={"PATH": "/usr/bin:/bin"})  # noqa: S603 -- our own file
    read = dict(line.split("=", 1) for line in values.read_text().split("\0") if line)
    ours = dotenv_values(example)
    assert ours.keys() > {"DATABASE_URL", "MAIL_FROM"}
    assert {name: read[name] for name in ours} == ours


def test_the_connections_of_every_kind_of_process_are_told():
    page = (ROOT / "docs" / "operating.md").read_text()
    table = page[page.index("| connections of |") :].partition("\n\n")[0]
    told = {name: int(most) for name, most in re.findall(r"^\| `portline ([a-z]+)` .*\| (\d+) \|", table, re.MULTILINE)}
    settings = Settings("postgresql://", "", (), (), ())
    assert told == {str(process): most for process, most in shares(settings).items()}


def test_every_decision_has_its_number_and_its_half_page():
    decisions = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    assert [path.name[:4] for path in decisions] == [f"{number:04d}" for number in range(1, len(decisions) + 1)]
    assert all(len(path.read_text().splitlines()) <= 40 for path in decisions)


def test_make_targets_that_pages_name_exist():
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = {
        name for page in PAGES for name in re.findall(r"(?:`|^\s*|\$ )make ([a-z-]+)", page.read_text(), re.MULTILINE)
    }
    assert named - targets == set()


def test_modules_that_pages_run_can_be_imported():
    named = {name for page in PAGES for name in re.findall(r"python -m ([a-z_.]+[a-z])", page.read_text())}
    assert named
    for name in named:
        assert importlib.util.find_spec(name), name


ASVS = {
    "V1": "1.1.1-2 1.2.1-9 1.3.1-11 1.4.1-3 1.5.1-2",
    "V2": "2.1.1-3 2.2.1-3 2.3.1-4 2.4.1-1",
    "V3": "3.2.1-2 3.3.1-4 3.4.1-6 3.5.1-5 3.7.1-2",
    "V4": "4.1.1-3 4.2.1-1 4.3.1-2 4.4.1-4",
    "V5": "5.1.1-1 5.2.1-3 5.3.1-2 5.4.1-3",
    "V6": "6.1.1-3 6.2.1-11 6.3.1-3 6.4.1-4 6.5.1-5 6.6.1-3 6.8.1-3",
    "V7": "7.1.1-3 7.2.1-4 7.3.1-2 7.4.1-5 7.5.1-2 7.6.1-2",
    "V8": "8.1.1-2 8.2.1-3 8.3.1-1 8.4.1-1",
    "V9": "9.1.1-3 9.2.1-4",
    "V11": "11.1.1-2 11.2.1-3 11.3.1-3 11.4.1-3 11.5.1-1 11.6.1-1",
    "V12": "12.1.1-3 12.2.1-2 12.3.1-4",
    "V13": "13.1.1-1 13.2.1-5 13.3.1-2 13.4.1-5",
    "V14": "14.1.1-2 14.2.1-4 14.3.1-3",
    "V15": "15.1.1-3 15.2.1-3 15.3.1-7",
    "V16": "16.1.1-1 16.2.1-5 16.3.1-4 16.4.1-3 16.5.1-3",
}
"""The requirements of levels 1 and 2; chapters 10 and 17 do not apply as a whole."""


def requirements(first, last):
    section, _, number = first.rpartition(".")
    return [f"{section}.{one}" for one in range(int(number), int(last) + 1)]


@pytest.mark.parametrize("chapter", ASVS)
def test_the_page_of_security_answers_every_requirement_once(chapter):
    page = (ROOT / "docs" / "security.md").read_text()
    rows = re.search(rf"^### {chapter} .*?(?=^### |\Z)", page, re.MULTILINE | re.DOTALL)[0]
    found = []
    for numbers, stands, _ in re.findall(r"^\| (\d[^|]*) \| ([^|]*) \| (.*) \|$", rows, re.MULTILINE):
        assert stands in {"met", "not met", "not applicable"}
        for first, last in re.findall(r"([\d.]+)(?:–([\d.]+))?", numbers):
            found += requirements(first, (last or first).rpartition(".")[2])
    asked = [one for part in ASVS[chapter].split() for one in requirements(*part.split("-"))]
    assert sorted(found) == sorted(asked)


def test_every_command_that_a_page_tells_is_there(app):
    known = {*main.commands, *app.cli.commands}
    named = {
        word
        for page in PAGES
        for code in re.findall(r"`[^`]+`|^ {4,}\S.*$", page.read_text(), re.MULTILINE)
        for word in re.findall(r"(?:^|[`\s])portline ([a-z][a-z-]*)", code)
    }
    assert named > {"doctor", "audit", "web", "release-number", "new-vapid-key"}
    assert named - known - set(shares(Settings("postgresql://", "", (), (), ()))) == set()
    assert not [page for page in PAGES if "flask --app" in page.read_text()]
