"""Exported files as programs of others read them."""

import io
import json
from dataclasses import replace
from pathlib import Path

import av
import pytest
from hypothesis import given, settings
from jsonschema import Draft202012Validator
from ttconv.srt import reader as srt_reader
from ttconv.vtt import reader as vtt_reader

from models.transcript import Final, Gap, GapReason, Source
from tests.transcripts.test_exports import BEN, LONG, corrected, final, finals, write
from transcripts.cues import lay_out

SCHEMA = Draft202012Validator(
    json.loads(Path("docs/reference/transcript.schema.json").read_text(encoding="utf-8"))
)


@settings(deadline=None, max_examples=40)
@given(finals())
def test_json_has_the_shape_that_is_documented(captions: list[Final]) -> None:
    gap = Gap(start_s=4, end_s=7, reason=GapReason.OFF_RECORD)
    both = [replace(one, overlap=(BEN,)) for one in captions]
    fixed = [corrected(one, "Another text.") for one in captions[:1]]

    SCHEMA.validate(json.loads(write([*both, gap, *fixed], "json")))


def test_every_reason_and_source_is_in_the_documented_shape() -> None:
    parts = SCHEMA.schema["$defs"]

    assert parts["gap"]["properties"]["reason"]["enum"] == list(GapReason)
    assert parts["caption"]["properties"]["source"]["enum"] == list(Source)


@pytest.mark.parametrize("format", ["vtt", "srt"])
@settings(deadline=None, max_examples=20)
@given(captions=finals())
def test_other_readers_of_subtitles_find_every_cue(format: str, captions: list[Final]) -> None:
    cues = lay_out(captions, named=format == "srt")
    text = write(captions, format)

    reader = vtt_reader if format == "vtt" else srt_reader
    document = reader.to_model(io.StringIO(text))
    body = document.get_body()
    paragraphs = [p for div in body for p in div] if body else []
    begun_ms = [round((p.get_begin() or 0) * 1000) for p in paragraphs]
    assert begun_ms == [round(cue.start_s * 1000) for cue in cues]


@pytest.mark.parametrize("format", ["vtt", "srt"])
def test_ffmpeg_finds_every_cue(format: str) -> None:
    captions = [final(LONG), final("Hello <b>Ada</b>.", 3.0, BEN, id="c2")]
    cues = lay_out(captions, named=format == "srt")

    data = io.BytesIO(write(captions, format).encode())
    with av.open(data, format={"vtt": "webvtt"}.get(format, format)) as file:
        assert isinstance(file, av.container.InputContainer)
        packets = [packet for packet in file.demux() if packet.size]
    assert [packet.pts for packet in packets] == [round(cue.start_s * 1000) for cue in cues]
