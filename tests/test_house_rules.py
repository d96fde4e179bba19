"""The rules of the house that no linter knows."""

import ast
import importlib
import re
import shlex
import statistics
import subprocess
from collections.abc import Iterator
from configparser import ConfigParser
from functools import cache
from graphlib import TopologicalSorter
from importlib.util import find_spec
from pathlib import Path

import grimp
import pytest

from provisioning.registry import available

ROOT = Path(__file__).parent.parent
PACKAGES = ("service", "provisioning", "webhooks", "sandbox", "laptop", "demo", "benchmarks", "reliability")
OURS = ("service", "provisioning", "webhooks")
CARRIERS = available()


def sources(*packages: str) -> Iterator[Path]:
    for package in packages:
        yield from (ROOT / package).rglob("*.py")


def kept_files() -> list[Path]:
    """Every file that git keeps, or would keep after the next `git add`."""
    listing = "git ls-files --cached --others --exclude-standard"
    names = subprocess.check_output(listing, shell=True, cwd=ROOT, text=True).splitlines()  # noqa: S602 -- fixed
    return [ROOT / name for name in names if (ROOT / name).is_file()]


@cache
def functions(path: Path) -> tuple[ast.FunctionDef | ast.AsyncFunctionDef, ...]:
    nodes = ast.walk(ast.parse(path.read_text()))
    return tuple(node for node in nodes if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (function.end_lineno or function.lineno) - function.lineno + 1


def test_functions_are_short():
    lengths = sorted(length(function) for path in sources(*PACKAGES) for function in functions(path))
    assert statistics.median(lengths) <= 7
    assert lengths[len(lengths) * 9 // 10] <= 16


def test_no_function_is_longer_than_forty_five_lines():
    long = [
        f"{path.relative_to(ROOT)}:{f.name}" for path in sources(*PACKAGES) for f in functions(path) if length(f) > 45
    ]
    assert long == []


def test_no_modules_import_each_other_in_a_circle():
    """Neither at the top nor inside a function: layers see circles between packages, not within one."""
    graph = grimp.build_graph(*PACKAGES, cache_dir=None)
    imports = {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}
    TopologicalSorter(imports).prepare()  # raises with the circle it found


def test_no_file_is_longer_than_three_hundred_lines():
    long = [str(path.relative_to(ROOT)) for path in sources(*PACKAGES) if len(path.read_text().splitlines()) >= 300]
    assert long == []


def test_no_file_is_named_after_nothing():
    vague = {"utils", "util", "helpers", "helper", "constants", "common", "misc", "manager", "base"}
    assert [str(path.relative_to(ROOT)) for path in sources(*PACKAGES) if path.stem in vague] == []


GIVEN_UP = {
    "promise": "ledger entry",
    "posting": "performer",
    "doubt": "look",
    "glimpse": "preview",
    "diary": "calendar",
    "lifeline": "watchdog",
    "told": "notified, described",
    "tell": "notify, describe",
    "lighter": "compression",
}
"""Words that no module and no function is called by, with those that the house has for them."""


@pytest.mark.parametrize("word", GIVEN_UP)
def test_a_word_that_was_given_up_names_nothing_again(word):
    names = ((path, name) for path in sources(*OURS) for name in (path.stem, *(one.name for one in functions(path))))
    named = [f"{path.relative_to(ROOT)}:{name}" for path, name in names if {word, f"{word}s"} & {*name.split("_")}]
    assert named == [], f"the word is {GIVEN_UP[word]}"


BRITISH = re.compile(r"[Aa]uthoris|[Cc]ancell(?:ed|ing)(?!\(\))|[Cc]olour|[Ff]avour|[Hh]onour")


def test_sentences_are_written_as_americans_do():
    english = [
        *(ROOT / "service").rglob("*.py"),
        *(ROOT / "service").rglob("*.html"),
        *(ROOT / "service").rglob("en.t*t"),
    ]
    words = {(path.name, word) for path in english for word in BRITISH.findall(path.read_text())}
    assert words == set()


@pytest.mark.parametrize("package", sorted(path.parent for path in sources(*PACKAGES) if path.name == "__init__.py"))
def test_a_package_says_in_one_sentence_what_it_is_for(package):
    body = ast.parse((package / "__init__.py").read_text())
    assert ast.get_docstring(body), package
    if package.parent.name != "carriers":
        assert len(body.body) == 1, f"{package} holds more than its sentence"


@pytest.mark.parametrize("carrier", CARRIERS)
def test_a_carriers_name_stands_only_in_its_own_folder(carrier):
    folders = ROOT / "provisioning" / "carriers"  # where a carrier's own words may be another's name
    suffixes = {".py", ".html", ".txt", ".js", ".css", ".po", ".toml"}
    elsewhere = [
        str(path.relative_to(ROOT))
        for package in OURS
        for path in (ROOT / package).rglob("*")
        if path.suffix in suffixes and folders not in path.parents and carrier in path.read_text().lower()
    ]
    assert elsewhere == []


@pytest.mark.parametrize("carrier", CARRIERS)
def test_a_carrier_has_build_a_page_and_what_it_sends_as_fixtures(carrier):
    folder = ROOT / "provisioning" / "carriers" / carrier
    assert callable(importlib.import_module(f"provisioning.carriers.{carrier}").build)
    assert (folder / "README.md").is_file()
    calls_us = (folder / "callbacks.py").is_file()
    assert (
        not calls_us
        or any((ROOT / "tests" / "provisioning" / carrier).rglob("fixtures/*"))
        or any((ROOT / "tests" / "provisioning" / "fixtures" / carrier).rglob("*"))
    )


@pytest.mark.parametrize("carrier", CARRIERS)
def test_a_carrier_passes_the_cases_of_every_carrier(carrier):
    tests = (ROOT / "tests" / "provisioning").rglob("test_*.py")
    assert any("carrier_cases" in path.read_text() and carrier in path.read_text() for path in tests)


def test_every_effect_of_the_answer_table_has_its_one_follower():
    from service.handlers import FOLLOWERS
    from service.porting.states import Effect

    assert set(FOLLOWERS) == set(Effect)
    assert len(set(FOLLOWERS.values())) == len(FOLLOWERS)


def test_every_kind_of_ledger_entry_has_its_one_performer_and_its_lane():
    from service.handlers import PERFORMERS
    from service.ledger.models import LANES, EntryKind

    assert set(PERFORMERS) == set(LANES) == set(EntryKind)
    assert len({type(performer) for performer in PERFORMERS.values()}) == len(PERFORMERS)


def test_every_job_has_its_one_row_and_its_one_handler():
    from service.handlers import HANDLERS
    from service.jobs import JOBS

    assert sorted(task.name for task in HANDLERS) == sorted(JOBS)


def test_no_handler_is_left_out_of_the_table():
    """A function under `@task` that no worker runs would let its jobs fail."""
    tasks = [f.name for path in sources(*OURS) for f in functions(path) if is_task(f)]
    from service.handlers import HANDLERS

    assert sorted(tasks) == sorted(task.name for task in HANDLERS)


def is_task(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return any(isinstance(one, ast.Name) and one.id == "task" for one in function.decorator_list)


def test_every_state_and_label_and_answer_is_complete():
    from service.porting.states import ANSWERS, FINAL, LABELS, Fact, State

    assert set(ANSWERS) == set(LABELS) == set(State)
    assert all(set(Fact) <= set(row) for row in ANSWERS.values())
    reached = {answer.to for row in ANSWERS.values() for answer in row.values()} | {State.DRAFT}
    assert reached - {None} == set(State), "a state that nothing leads to"
    assert all(state in FINAL or any(answer.to for answer in row.values()) for state, row in ANSWERS.items())


def test_the_page_of_port_states_is_the_table():
    from service.porting.picture import page

    written = (ROOT / "docs" / "port-states.md").read_text()
    assert written == page(), "run: python -m service.porting.picture > docs/port-states.md"


def procfile() -> dict[str, list[str]]:
    lines = (ROOT / "Procfile").read_text().splitlines()
    return {name: shlex.split(command) for name, command in (line.split(":", 1) for line in lines)}


def test_the_procfile_has_the_six_processes():
    assert list(procfile()) == ["release", "web", "callbacks", "worker", "clock", "live"]


@pytest.mark.parametrize(("name", "command"), procfile().items())
def test_a_command_of_the_procfile_can_be_imported(name, command):
    module = command[command.index("-m") + 1] if "-m" in command else command[0]
    assert find_spec(module), f"{name} starts {module}"
    if module == "gunicorn":
        application, attribute = command[-1].split(":")
        names = re.findall(r"^(\w+)(?::.*)? =", Path(str(find_spec(application).origin)).read_text(), re.MULTILINE)
        assert attribute in names


TELLTALE = re.compile(
    r"/(?:work|home|root|Users|tmp/lab)/\w"  # a path of somebody's machine
    r"|pythonhosted\.org|pypi\.org/simple|registry\.npmjs",  # where packages were fetched from
)


def test_no_kept_file_tells_of_a_machine():
    telling = [
        str(path.relative_to(ROOT))
        for path in kept_files()
        if path != Path(__file__) and TELLTALE.search(path.read_bytes().decode(errors="replace"))
    ]
    assert telling == []


def test_nothing_generated_is_kept():
    generated = {".mo", ".pyc", ".db", ".sqlite", ".zip", ".gz", ".whl", ".log"}
    assert [str(path.relative_to(ROOT)) for path in kept_files() if path.suffix in generated] == []


def test_a_wheel_has_every_file_that_stands_beside_our_modules():
    setup = ConfigParser()
    setup.read(ROOT / "setup.cfg")
    packages = [name.removesuffix("*") for name in setup["options.packages.find"]["include"].split()]
    patterns = setup["options.package_data"]["*"].split(", ")
    beside = [path.relative_to(ROOT) for path in kept_files() if path.suffix != ".py"]
    missing = [
        str(path) for path in beside if path.parts[0] in packages and not any(path.match(kind) for kind in patterns)
    ]
    assert missing == ["service/web/locales/babel.cfg"], "only `make translations` reads that one"


def test_no_test_runs_an_event_loop_where_a_browsers_may_run_already():
    """Whether it does depends on which tests a worker was given before."""
    own = [
        str(path.relative_to(ROOT))
        for path in (ROOT / "tests").rglob("*.py")
        if re.search(r"\b(asyncio|anyio)\.run\(", path.read_text())
    ]
    assert own == []


def is_flash(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "flash"


def test_a_refusal_is_never_shown_as_a_success():
    """What is flashed where a refusal is caught has the category "wrong"; without one it is a green notice."""
    green = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in sources("service")
        for caught in ast.walk(ast.parse(path.read_text()))
        if isinstance(caught, ast.ExceptHandler)
        for node in ast.walk(caught)
        if is_flash(node) and "wrong" not in [getattr(one, "value", "") for one in node.args]
    ]
    assert green == []
