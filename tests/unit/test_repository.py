"""Is the repository what it says? The lock, the template, the core's imports, and nothing that must not be in it."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.version import Version
from tests.docs.documents import ROOT, name_of
from typer.testing import CliRunner

from hogar.build.project import template_texts
from hogar.cli import app

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LOCKS = {name: ROOT / "requirements" / f"{name}.txt" for name in ("base", "dev", "bench", "spark")}
PINNED = re.compile(r"^([a-z0-9][a-z0-9._-]*)==([^ ;\\]+)(?: ; ([^\\]+?))? *\\?$", re.MULTILINE)

# The core is pure: what it may import beside itself and the standard library's pure part.
PURE_STDLIB = {
    "__future__", "bisect", "collections", "dataclasses", "datetime", "difflib", "functools", "hashlib", "itertools",
    "math", "operator", "re", "statistics", "tomllib", "typing", "unicodedata", "zlib", "zoneinfo",
    "enum", "abc", "heapq", "sys",
}  # fmt: skip
CORE = {
    "errors": set(),
    "telco": {"msgspec"},
    "expr": {"msgspec", "polars", "sqlglot", "numpy"},
    "twin": {"numpy", "pyarrow"},
    "strategy": {"jinja2", "msgspec", "yaml", "pathlib"},  # paths as text only, see below
    "models": {"msgspec", "numpy", "polars", "scipy", "sklearn", "threadpoolctl"},
    "decide": {"msgspec", "numpy", "polars"},
}
EXTRAS = ("pyspark", "confluent_kafka", "asyncpg", "psycopg", "lightgbm", "fastapi", "splink")
SHELL_ONLY = ("duckdb", "lmdb", "sqlite3", "starlette", "uvicorn", "httptools", "typer")


# The lock


@pytest.mark.parametrize("name", LOCKS)
def test_the_lock_holds_every_dependency_within_its_bounds(name: str) -> None:
    """Each requirement of pyproject.toml is pinned in its file, at a version that it allows."""
    groups = {**PROJECT["dependency-groups"], **PROJECT["project"]["optional-dependencies"]}
    wanted = PROJECT["project"]["dependencies"] if name == "base" else groups[name]
    pins = _pins(LOCKS[name])
    for text in wanted:
        requirement = Requirement(text)
        versions = pins.get(requirement.name.lower().replace("_", "-"))
        assert versions, f"{text} is not in {name}.txt; run requirements/compile.sh"
        for version in versions:
            assert requirement.specifier.contains(version), f"{name}.txt has {version}, not {text}"


@pytest.mark.parametrize("name", LOCKS)
def test_the_lock_is_hashed_and_names_no_index(name: str) -> None:
    """Every pin has a hash; no address stands in the file."""
    text = LOCKS[name].read_text(encoding="utf-8")
    assert len(PINNED.findall(text)) == len(re.findall(r"==", re.sub(r" ; .*", "", text)))
    for entry in re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE)[1:]:
        assert "--hash=sha256:" in entry, entry.splitlines()[0]
    assert "://" not in text
    assert "index-url" not in text


@pytest.mark.parametrize("name", ["dev", "bench", "spark"])
def test_the_locks_agree(name: str) -> None:
    """What base.txt pins has the same version everywhere: tests run against what is shipped."""
    base, other = _pins(LOCKS["base"]), _pins(LOCKS[name])
    assert {package: other[package] for package in base.keys() & other.keys()} == {
        package: base[package] for package in base.keys() & other.keys()
    }


def test_the_lock_is_what_is_installed() -> None:
    """The tests run with the versions of the lock, not with others."""
    from importlib.metadata import version

    for name, versions in _pins(LOCKS["base"]).items():
        if name in {Requirement(text).name for text in PROJECT["project"]["dependencies"]}:
            assert Version(version(name)) in {Version(pinned) for pinned in versions}, (
                f"{name}: run `make setup`"
            )


def _pins(path: Path) -> dict[str, set[str]]:
    """Package to its versions: one, or one for each range of Python."""
    found: dict[str, set[str]] = {}
    for name, version, _ in PINNED.findall(path.read_text(encoding="utf-8")):
        found.setdefault(name, set()).add(version)
    return found


# The template


def test_the_example_is_the_template() -> None:
    """examples/acme has the template's files, byte for byte, and no other that git would keep."""
    example = ROOT / "examples/acme"
    found = {path.relative_to(ROOT).as_posix() for path in _kept() if example in path.parents}
    files = {name.removeprefix("examples/acme/"): (ROOT / name).read_bytes() for name in found}
    template = template_texts("acme")
    assert files.keys() == template.keys()
    assert [name for name in files if files[name] != template[name]] == []


def test_new_writes_the_template(tmp_path: Path) -> None:
    """`hogar new` writes these files; beside them it makes the simulated market, and what editors read."""
    done = CliRunner().invoke(app, ["new", str(tmp_path / "mine")])
    assert done.exit_code == 0, done.output
    written = {
        p.relative_to(tmp_path / "mine").as_posix(): p for p in (tmp_path / "mine").rglob("*") if p.is_file()
    }
    template = template_texts("acme")
    assert all(written[name].read_bytes() == content for name, content in template.items())
    others = {name.split("/")[0] for name in written.keys() - template.keys()}
    assert others == {"data", "events", "truth", ".hogar", ".vscode"}


# The core


@pytest.mark.parametrize("room", CORE)
def test_the_core_imports_nothing_that_reads_or_writes(room: str) -> None:
    """Below the line stand values and functions: no files, no network, no processes, no threads, no clock."""
    place = ROOT / "src/hogar" / room
    for path in sorted(place.rglob("*.py")) if place.is_dir() else [place.with_suffix(".py")]:
        for line, name in _imports(path):
            root = name.split(".")[0]
            allowed = root == "hogar" or root in PURE_STDLIB | CORE[room]
            assert allowed, f"{name_of(path)}:{line}: {name} does not belong below the line"
            assert name != "pathlib.Path", f"{name_of(path)}:{line}: take texts, not paths"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            call = node.func.id if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else ""
            assert call not in ("open", "print", "eval", "input"), f"{name_of(path)}: calls {call}"
            assert call != "exec" or room == "expr", f"{name_of(path)}: only `expr` compiles closures"


@pytest.mark.parametrize(
    ("modules", "forbidden"),
    [
        (("telco.tables", "expr", "strategy", "models", "decide", "twin"), (*SHELL_ONLY, *EXTRAS)),
        (("cli", "app", "build", "runtime.api", "evidence.agreement"), EXTRAS),
    ],
    ids=["the core", "everything"],
)
def test_importing_draws_nothing_in(modules: tuple[str, ...], forbidden: tuple[str, ...]) -> None:
    """The core comes without the shell's libraries, and all of it without what an extra would bring."""
    code = "import sys\n" + "".join(f"import hogar.{module}\n" for module in modules)
    code += f"print([name for name in {forbidden!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "[]"


def _imports(path: Path) -> Iterator[tuple[int, str]]:
    """What a module imports when it runs (not for types alone), with its line."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for_types = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if id(node) in for_types:
            continue
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


# What must not be in it

# Written in pieces, so that this file does not find itself.
FORBIDDEN = {
    "an address of a package index": r"(?:py" r"pi\.|files\.python" r"hosted|registry\.npm" r"js|/simp" r"le/)"
    r"|--(?:extra-)?index-" r"url",
    "a path of one machine": r"(?<![\w.])/(?:ho" r"me|ro" r"ot|wo" r"rk|Us" r"ers|mn" r"t)/\w|\b[A-Z]:\\\\?Us" r"ers",
    "a private key": r"-----BEGIN [A-Z ]*PRIV" r"ATE KEY",
    "a cloud key": r"\bAKI" r"A[0-9A-Z]{16}\b|\bAIz" r"a[0-9A-Za-z_-]{35}\b",
    "a token": r"\bgh[pousr]" r"_[A-Za-z0-9]{30,}|\bxox" r"[abprs]-[A-Za-z0-9-]{10,}|\beyJ[\w-]{20,}\.eyJ",
    "a password": r"(?i)\b(?:pass" r"word|passwd|secret_key|api_key)\b\s*[=:]\s*[\"'][^\"'\s]{8,}[\"']",
}  # fmt: skip


def test_nothing_stands_in_the_repository_that_must_not() -> None:
    """No address of a package index, no path of one machine, no secret, in any file that git keeps."""
    found = []
    for path in _kept():
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except (UnicodeDecodeError, FileNotFoundError):
            continue
        for number, line in enumerate(lines, start=1):
            found += [
                f"{name_of(path)}:{number}: {what}"
                for what, pattern in FORBIDDEN.items()
                if re.search(pattern, line)
            ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    ("what", "line"),
    [
        ("an address of a package index", "--index-" + "url https://example.org"),
        ("a path of one machine", "see /ho" + "me/somebody/notes"),
        ("a private key", "-----BEGIN RSA PRIV" + "ATE KEY-----"),
        ("a cloud key", "AKI" + "A" + "ABCDEFGHIJKLMNOP"),
        ("a token", "gh" + "p_" + "a" * 36),
        ("a password", "pass" + 'word = "correct-horse"'),
    ],
)
def test_the_search_finds_what_it_looks_for(what: str, line: str) -> None:
    """Each pattern finds an example, and nothing in an innocent line."""
    assert re.search(FORBIDDEN[what], line)
    assert not re.search(FORBIDDEN[what], "POST /v1/decisions answers with a decision; see docs/api.md")


def test_no_data_is_kept() -> None:
    """No extract, table or database is in the repository, and no file is large."""
    for path in _kept():
        assert path.suffix not in {".parquet", ".csv", ".gz", ".db", ".mdb", ".xlsx", ".pkl"}, name_of(path)
        assert not path.exists() or path.stat().st_size < 300_000, name_of(path)


def _kept() -> list[Path]:
    """Every file that git keeps or would keep: tracked, or new and not ignored."""
    done = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True,
    )  # fmt: skip
    if done.returncode != 0:
        pytest.skip("not a git repository")
    return [ROOT / name for name in sorted(set(done.stdout.split("\0"))) if name]


def test_git_ignores_no_file_of_the_house() -> None:
    """Every file of the package, its tests and documents is in the repository: a clone has what this folder has."""
    folders = ["src", "tests", "benchmarks", "docs", "requirements"]
    ignored = subprocess.run(
        ["git", "ls-files", "--others", "--ignored", "--exclude-standard", *folders],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if ignored.returncode:
        pytest.skip("not a git checkout")
    left_out = [name for name in ignored.stdout.splitlines() if "__pycache__" not in name]
    assert not left_out, f".gitignore hides {left_out}"
