"""The documentation is tested too: links lead somewhere and commands exist."""

import re
from pathlib import Path

import pytest

from api.cli import main

ROOT = Path(__file__).resolve().parent.parent
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_to_a_file(page: Path) -> None:
    targets = re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text())
    local = [target for target in targets if "://" not in target]
    missing = [target for target in local if not (page.parent / target).exists()]
    assert not missing


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_make_target_exists(page: Path) -> None:
    targets = set(re.findall(r"\bmake ([a-z-]+)\b(?=[`\n ])", page.read_text()))
    known = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert {target for target in targets if f"`make {target}" in page.read_text()} <= known


def test_every_command_that_the_readme_names_exists(capsys: pytest.CaptureFixture[str]) -> None:
    named = set(re.findall(r"bin/roomscribe ([a-z]+)", (ROOT / "README.md").read_text()))
    assert named == {"serve", "caption", "import", "export", "search", "restore", "doctor"}
    for command in named:
        with pytest.raises(SystemExit) as ended:
            main([command, "--help"])
        assert ended.value.code == 0
        assert "usage: roomscribe" in capsys.readouterr().out


def test_every_decision_is_in_the_index() -> None:
    index = (ROOT / "docs" / "adr" / "README.md").read_text()
    decisions = [file.name for file in (ROOT / "docs" / "adr").glob("0*.md")]
    assert decisions
    assert all(name in index for name in decisions)


WCAG_22 = {"A": 31, "AA": 24, "AAA": 31}


def test_every_success_criterion_is_judged_once_and_every_named_test_exists() -> None:
    text = (ROOT / "docs" / "reference" / "accessibility.md").read_text()
    rows = re.findall(r"^\| (\d\.\d\.\d+) [^|]+\| (A{1,3}) \| ([a-z ]+) \|", text, re.MULTILINE)
    levels = [level for _, level, _ in rows]
    assert {level: levels.count(level) for level in WCAG_22} == WCAG_22
    assert len({number for number, _, _ in rows}) == len(rows)
    assert {stand for *_, stand in rows} == {"meets", "partly", "does not", "no case"}
    named = re.findall(r"`(tests/[\w/.-]+)`", text)
    assert [path for path in named if not (ROOT / path).is_file()] == []
