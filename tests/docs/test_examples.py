"""Every example runs: the Python blocks of all documents, and the doctests in docstrings."""

from __future__ import annotations

import json
import tomllib
from doctest import ELLIPSIS, IGNORE_EXCEPTION_DETAIL, NORMALIZE_WHITESPACE
from pathlib import Path

import pytest
import yaml
from sybil import Sybil
from sybil.document import PythonDocStringDocument
from sybil.parsers.doctest import DocTestParser
from sybil.parsers.markdown import PythonCodeBlockParser, SkipParser
from tests.docs.documents import ROOT, blocks, name_of, pages

FLAGS = ELLIPSIS | NORMALIZE_WHITESPACE | IGNORE_EXCEPTION_DETAIL
PAGES = Sybil([PythonCodeBlockParser(doctest_optionflags=FLAGS), SkipParser()])
DOCSTRINGS = Sybil([DocTestParser(FLAGS)], document_types={".py": PythonDocStringDocument})
WITH_PYTHON = [
    path for path in pages() if any(b.language == "python" for b in blocks(path.read_text(encoding="utf-8")))
]
WITH_DOCTESTS = [
    path for path in sorted((ROOT / "src/hogar").rglob("*.py")) if ">>> " in path.read_text(encoding="utf-8")
]


@pytest.mark.parametrize("path", WITH_PYTHON, ids=name_of)
def test_the_python_of_a_document_runs(path: Path) -> None:
    """Top to bottom in one namespace, as a reader would type it; what is shown is what comes."""
    examples = list(PAGES.parse(path).examples())
    assert examples
    for example in examples:
        example.evaluate()


@pytest.mark.parametrize("path", WITH_DOCTESTS, ids=name_of)
def test_the_doctests_of_a_module_run(path: Path) -> None:
    """A docstring's example gives what it says."""
    for example in DOCSTRINGS.parse(path).examples():
        example.evaluate()


def test_there_are_documents_with_examples() -> None:
    """The search finds pages and modules: an empty list would pass silently."""
    assert len(WITH_PYTHON) >= 3
    assert len(WITH_DOCTESTS) >= 3


@pytest.mark.parametrize("path", pages(), ids=name_of)
def test_data_in_documents_can_be_read(path: Path) -> None:
    """A block that says it is YAML, TOML or JSON is."""
    readers = {"yaml": yaml.safe_load, "toml": tomllib.loads, "json": json.loads}
    for block in blocks(path.read_text(encoding="utf-8")):
        if block.language in readers:
            try:
                readers[block.language](block.text)
            except (yaml.YAMLError, ValueError) as error:
                pytest.fail(f"{name_of(path)}:{block.line}: this is not {block.language}: {error}")
