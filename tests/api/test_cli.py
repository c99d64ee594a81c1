"""The command line, run in this process."""

import json
import shutil
import socket
from pathlib import Path

import pytest

from api.cli import main
from api.demo.conversation import load
from api.demo.score import word_error_rate
from models.recording import RecordingPhase
from recorder.recording import Recorder
from tests.fixtures.clips import FIXTURES, TINY_MODEL, clips
from transcripts.rendering import Wanted, render

pytestmark = pytest.mark.usefixtures("_no_network")


@pytest.fixture
def _no_network(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setenv("ROOMSCRIBE_DOWNLOAD", "false")
    monkeypatch.setenv("ROOMSCRIBE_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("COLUMNS", "200")


def _voice() -> Path:
    return load().voices[0].file


def _said() -> str:
    return " ".join(turn.text for turn in load().turns if turn.speaker == "ada")


def test_a_file_is_captioned_as_text(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["caption", str(_voice()), "--engine", "pocketsphinx"]) == 0
    printed = capsys.readouterr()
    lines = [line.partition("  ")[2] for line in printed.out.splitlines()]
    assert word_error_rate(_said(), " ".join(lines)) < 0.15
    assert "quality is basic" in printed.err


def test_captions_are_written_to_a_file_in_the_format_that_is_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "ada.json"
    arguments = ["--engine", "pocketsphinx", "--format", "json", "--out", str(out)]
    assert main(["caption", str(_voice()), *arguments]) == 0
    captions = json.loads(out.read_text(encoding="utf-8"))["captions"]
    assert len(captions) >= 8
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("content", [b"", b"this is no sound\n" * 100])
def test_a_file_without_sound_is_refused_in_one_line(
    content: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "notes.mp3"
    file.write_bytes(content)
    assert main(["caption", str(file), "--engine", "pocketsphinx"]) == 2
    errors = capsys.readouterr().err.strip().splitlines()
    assert errors[-1].startswith("roomscribe: ")
    assert "notes.mp3" in errors[-1]
    assert "Traceback" not in "".join(errors)


def test_a_missing_file_is_refused_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["caption", "nowhere.wav", "--engine", "pocketsphinx"]) == 2
    assert "nowhere.wav" in capsys.readouterr().err


@pytest.fixture
def _german(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """An engine that hears German in whatever it is given, and at first the English for it."""
    known = {"text": "Guten Tag.", "translation": "Good day.", "language": "de"}
    unknown = known | {"translation": ""}
    lines = [
        (known if n < 40 else unknown) | {"start_s": float(n), "end_s": n + 0.4} for n in range(120)
    ]
    script = tmp_path / "script.json"
    script.write_text(json.dumps({"lines": lines}))
    monkeypatch.setenv("ROOMSCRIBE_ENGINE", "scripted")
    monkeypatch.setenv("ROOMSCRIBE_MODEL", str(script))


@pytest.mark.usefixtures("_german")
@pytest.mark.parametrize("language", ["de", "auto"])
def test_a_translation_is_printed_instead_of_what_is_said(
    language: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["caption", str(_voice()), "--language", language, "--translate"]) == 0

    printed = capsys.readouterr().out
    assert printed.count("Good day.") >= 5
    assert "Guten" not in printed
    assert "s, not-translated]" in printed


@pytest.mark.usefixtures("_german")
def test_without_a_wish_for_it_nothing_is_translated(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["caption", str(_voice()), "--language", "de"]) == 0

    printed = capsys.readouterr().out
    assert printed.count("Guten Tag.") >= 5
    assert "Good" not in printed


@pytest.mark.usefixtures("_german")
def test_a_file_in_another_language_gives_two_files_of_captions(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "talk.vtt"
    arguments = ["--language", "de", "--translate", "--format", "vtt", "--out", str(out)]

    assert main(["caption", str(_voice()), *arguments]) == 0

    said, english = (file.read_text("utf-8") for file in (out, tmp_path / "talk.en.vtt"))
    assert said.startswith("WEBVTT")
    assert said.count("Guten Tag.") >= 5
    assert english.count("Good day.") >= 5
    assert "Good" not in said
    assert "Guten" not in english
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "talk.en.vtt" in printed.err


@pytest.mark.usefixtures("_german")
def test_a_translation_is_printed_in_any_format(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["--language", "de", "--translate", "--format", "json"]

    assert main(["caption", str(_voice()), *arguments]) == 0

    captions = json.loads(capsys.readouterr().out)["captions"]
    assert {caption["language"] for caption in captions} == {"en"}


@pytest.mark.usefixtures("_german")
def test_nobody_translates_from_english(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["caption", str(_voice()), "--translate"]) == 2

    assert "--language" in capsys.readouterr().err


def test_a_word_document_is_not_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["caption", str(_voice()), "--format", "docx"]) == 2

    assert "--out FILE.docx" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("engine", "name"),
    [
        (["--engine", "pocketsphinx"], "pocketsphinx"),
        (["--engine", "faster-whisper", "--model", str(TINY_MODEL)], "faster-whisper"),
    ],
)
def test_an_engine_that_cannot_translate_says_so_in_one_line(
    engine: list[str], name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["--language", "auto", "--translate"]

    assert main(["caption", str(_voice()), *engine, *arguments]) == 2

    printed = capsys.readouterr()
    assert printed.out == ""
    assert len(printed.err.strip().splitlines()) == 1
    assert f"{name} " in printed.err
    assert "cannot translate" in printed.err
    assert "--model small" in printed.err


def test_a_language_that_the_engine_does_not_know_is_refused_in_one_line(
    capsys: pytest.CaptureFixture[str],
) -> None:
    arguments = ["--engine", "pocketsphinx", "--language", "de"]

    assert main(["caption", str(_voice()), *arguments]) == 2

    printed = capsys.readouterr().err
    assert "knows en only, not the language de" in printed
    assert "No speech" not in printed


def test_an_engine_without_weights_says_what_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    missing = ["--engine", "faster-whisper", "--model", "no-such-model"]
    assert main(["caption", str(_voice()), *missing]) == 2
    assert "no-such-model" in capsys.readouterr().err


def test_a_port_in_use_is_said_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert main(["serve", "--port", port, "--engine", "pocketsphinx"]) == 2
    error = capsys.readouterr().err.strip()
    assert "--port" in error
    assert len(error.splitlines()) == 1


def test_a_wrong_setting_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ROOMSCRIBE_PORT", "eighty")
    assert main(["doctor"]) == 2
    assert "ROOMSCRIBE_PORT" in capsys.readouterr().err


def test_the_doctor_says_which_engine_would_run_and_how_to_do_better(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["doctor", "--engine", "pocketsphinx"]) == 0
    printed = capsys.readouterr().out
    assert "Engine: pocketsphinx" in printed
    assert "For better ones" in printed
    assert "ffmpeg" in printed


def test_the_doctor_says_how_whisper_works(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor", "--model", str(TINY_MODEL)]) == 0
    assert "Windows are " in capsys.readouterr().out


def test_the_doctor_names_the_smaller_model(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ROOMSCRIBE_SMALLER_MODEL", str(TINY_MODEL))
    assert main(["doctor", "--model", str(TINY_MODEL)]) == 0
    assert f"Under overload: the smaller model {TINY_MODEL.name}" in capsys.readouterr().out


def test_a_smaller_model_that_is_not_there_ends_the_command_with_one_line(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ROOMSCRIBE_SMALLER_MODEL", str(tmp_path / "tiny"))
    monkeypatch.setenv("ROOMSCRIBE_DATA_DIR", str(tmp_path / "data"))
    assert main(["serve", "--model", str(TINY_MODEL)]) == 2
    (line,) = capsys.readouterr().err.strip().splitlines()
    assert "ROOMSCRIBE_SMALLER_MODEL" in line


def test_weights_are_proven_with_speech_of_ones_own(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    model = tmp_path / "weights"
    shutil.copytree(TINY_MODEL, model, ignore=shutil.ignore_patterns("short-context.json"))
    text = tmp_path / "said.txt"
    text.write_text(clips()[0].text, encoding="utf-8")
    speech = ["--audio", str(FIXTURES / "speech" / "00-slt.opus"), "--text", str(text)]

    assert main(["prove", "--model", str(model), *speech]) == 0

    shown = capsys.readouterr().out
    assert "hears as well" in shown
    assert str(model / "short-context.json") in shown
    main(["doctor", "--model", str(model)])
    assert "short context" in capsys.readouterr().out


def test_speech_that_the_weights_do_not_know_proves_nothing(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    text = tmp_path / "said.txt"
    text.write_text("nothing of the kind was ever said here", encoding="utf-8")
    model = tmp_path / "weights"
    shutil.copytree(TINY_MODEL, model)
    speech = ["--audio", str(FIXTURES / "speech" / "00-slt.opus"), "--text", str(text)]

    assert main(["prove", "--model", str(model), *speech]) == 1

    assert "padded" in capsys.readouterr().out
    assert not (model / "short-context.json").exists()


def test_a_text_for_each_file_is_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["prove", "--model", str(TINY_MODEL), "--audio", "talk.wav"]) == 2
    assert "--text" in capsys.readouterr().err


def test_the_doctor_says_what_whisper_would_run_on(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ROOMSCRIBE_DEVICE", "cpu")
    monkeypatch.setenv("ROOMSCRIBE_WORKERS", "1")
    assert main(["doctor", "--model", str(TINY_MODEL)]) == 0
    printed = capsys.readouterr().out
    assert "Runs on: cpu with int8, 1 process, 1 window at a time in each" in printed


def test_a_gpu_that_is_not_there_ends_the_command_with_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("ctranslate2.get_cuda_device_count", lambda: 0)
    monkeypatch.setenv("ROOMSCRIBE_DEVICE", "cuda")
    assert main(["serve", "--model", str(TINY_MODEL)]) == 2
    (line,) = capsys.readouterr().err.strip().splitlines()
    assert "no NVIDIA GPU can be used here" in line


def test_a_file_is_imported_as_a_recording_with_captions(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["--engine", "faster-whisper", "--model", str(TINY_MODEL), "--title", "A talk"]
    assert main(["import", str(FIXTURES / "speech" / "01-rms.opus"), *arguments]) == 0

    address = capsys.readouterr().out.strip()
    [recording] = Recorder(tmp_path / "data" / "recordings").recordings()
    assert address == f"/recordings/{recording.id}"
    assert (recording.title, recording.phase) == ("A talk", RecordingPhase.FINISHED)
    wanted = Wanted(
        room_id=recording.room_id,
        instance=1,
        track="",
        format="txt",
        title="A talk",
        started_at=None,
    )
    text = render(tmp_path / "data" / "transcripts.db", wanted).decode()
    assert "Everyone will join the meeting on Friday." in text
    assert main(["search", "join the meeting", "title:talk"]) == 0
    assert address in capsys.readouterr().out


def test_a_file_is_imported_with_captions_that_somebody_has(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = tmp_path / "talk.srt"
    given.write_text("1\n00:00:00,000 --> 00:00:01,500\nAda: Good morning.\n", encoding="utf-8")
    speech = str(FIXTURES / "speech" / "01-rms.opus")
    where = ["--data-dir", str(tmp_path / "data")]

    assert main(["import", speech, "--captions", str(given), *where]) == 0

    (recording,) = Recorder(tmp_path / "data" / "recordings").recordings()
    assert capsys.readouterr().out.strip() == f"/recordings/{recording.id}"
    wanted = Wanted(
        room_id=recording.room_id,
        instance=recording.instance,
        track="",
        format="txt",
        title="",
        started_at=None,
    )
    text = render(tmp_path / "data" / "transcripts.db", wanted).decode()
    assert "Ada [00:00]\nGood morning." in text


def test_captions_that_cannot_be_read_are_said_before_anything_is_imported(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = tmp_path / "talk.srt"
    given.write_text("1\n00:00:02,000 --> 00:00:01,500\nGood morning.\n", encoding="utf-8")
    speech = str(FIXTURES / "speech" / "01-rms.opus")

    arguments = ["--captions", str(given), "--data-dir", str(tmp_path / "data")]
    assert main(["import", speech, *arguments]) == 2

    assert "talk.srt: line 2: the cue ends before it begins" in capsys.readouterr().err
    assert not list((tmp_path / "data").glob("recordings/*"))


def test_a_file_that_cannot_be_imported_is_said_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["import", str(tmp_path / "nothing.mp3")]) == 2
    assert "cannot be read" in capsys.readouterr().err
    assert list((tmp_path / "data" / "recordings").glob("*")) == []
