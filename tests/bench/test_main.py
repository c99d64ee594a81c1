import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bench import page
from bench.environments import Unavailable
from bench.peers import __main__ as command
from bench.peers import ceiling
from bench.peers.scoring import Snapshot
from bench.peers.speech import Speech
from bench.peers.system import Screen


class _Echo:
    """A system that shows words after a tenth of a second; ``trouble`` keeps it from starting."""

    variant = False

    def __init__(self, name: str, *, missing: str = "", trouble: str = "") -> None:
        self.name = name
        self.title = f"The {name}"
        self.pid = os.getpid()
        self._missing = missing
        self._trouble = trouble

    def prepare(self) -> None:
        if self._missing:
            raise Unavailable(self._missing)

    @asynccontextmanager
    async def serve(self, model: Path) -> AsyncIterator["_Echo"]:
        if self._trouble:
            raise Unavailable(self._trouble)
        yield self

    @asynccontextmanager
    async def room(self) -> AsyncIterator["_Echo"]:
        yield self

    async def say(self, speech: Speech, screen: Screen) -> None:
        words = speech.words
        screen.snapshots += [
            Snapshot(
                at_s=word.end_s + 0.1,
                committed=" ".join(each.text for each in words[:number]),
                tentative="",
            )
            for number, word in enumerate(words, 1)
        ]

    async def finish(self) -> None:
        pass


@pytest.fixture(autouse=True)
def _own_results(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def _systems(monkeypatch: pytest.MonkeyPatch, *systems: _Echo) -> None:
    monkeypatch.setattr(command, "SYSTEMS", systems)
    monkeypatch.setattr(ceiling, "error_rate", lambda model: 0.01)


def test_a_peer_that_is_missing_or_fails_costs_one_line_and_the_others_go_on(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _systems(
        monkeypatch,
        _Echo("good"),
        _Echo("absent", missing="it cannot be installed: no network"),
        _Echo("broken", trouble="the server did not start: no port"),
    )

    assert command.main(["--rooms", "1,2", "--seconds", "6"]) == 0

    shown = capsys.readouterr().out
    assert "The absent is left out: it cannot be installed: no network\n" in shown
    assert "left out here: the server did not start: no port" in shown
    assert "| 1 | The good | 0.0 |" in shown
    assert "| 2 | The good | 0.0 |" in shown


def test_a_system_that_speaks_nonsense_costs_one_line_too(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async def finish(self: _Echo) -> None:
        raise KeyError("lines")

    odd = _Echo("odd")
    monkeypatch.setattr(odd, "finish", finish.__get__(odd))
    _systems(monkeypatch, _Echo("good"), odd)

    assert command.main(["--rooms", "1", "--seconds", "6"]) == 0

    shown = capsys.readouterr().out
    assert "left out here: KeyError 'lines'" in shown
    assert "| 1 | The good | 0.0 |" in shown


def test_an_interrupted_measurement_goes_on_where_it_was(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _systems(monkeypatch, _Echo("good"), _Echo("broken", trouble="interrupted"))
    command.main(["--rooms", "1", "--seconds", "6"])
    _systems(monkeypatch, _Echo("good", trouble="not asked again"), _Echo("broken"))
    capsys.readouterr()

    command.main(["--rooms", "1", "--seconds", "6"])

    shown = capsys.readouterr().out
    assert "At most 1 runs" in shown
    assert "| 1 | The good |" in shown
    assert "| 1 | The broken |" in shown


def test_a_fresh_measurement_forgets_the_one_before(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _systems(monkeypatch, _Echo("good"))
    command.main(["--rooms", "1", "--seconds", "6"])

    command.main(["--rooms", "1", "--seconds", "6", "--fresh"])

    assert capsys.readouterr().out.count("run 1: The good") == 2


def test_only_the_systems_that_were_named_are_measured(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _systems(monkeypatch, _Echo("one"), _Echo("other"))

    command.main(["--rooms", "1", "--seconds", "6", "--systems", "other"])

    shown = capsys.readouterr().out
    assert "The other" in shown
    assert "The one" not in shown


def test_the_table_is_written_between_the_marks_of_the_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "benchmarks.md"
    opening, closing = page.marks("bench-asr")
    file.write_text(f"# Before\n{opening}\nold\n{closing}\n## After\n", encoding="utf-8")
    monkeypatch.setattr(page, "BENCHMARKS", file)
    _systems(monkeypatch, _Echo("good"))

    command.main(["--rooms", "1", "--seconds", "6", "--write"])

    written = file.read_text(encoding="utf-8")
    assert "| 1 | The good |" in written
    assert "| 1 room: committed p50 ≤ 0.3 s | 0.10 s | – | yes |" in written
    assert "old" not in written
    assert written.startswith("# Before\n")
    assert written.endswith("## After\n")


def test_nothing_measured_is_a_failure_and_leaves_the_page_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page, "BENCHMARKS", tmp_path / "never-written.md")
    _systems(monkeypatch, _Echo("broken", trouble="no"))

    assert command.main(["--rooms", "1", "--seconds", "6", "--write"]) == 1

    assert not (tmp_path / "never-written.md").exists()


def test_the_page_in_the_tree_has_the_marks() -> None:
    assert page.placed(page.BENCHMARKS.read_text(encoding="utf-8"), "table", "bench-asr")
