"""Recordings without what was cut: packets are left out, and nothing else is touched."""

import asyncio
import hashlib
import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from models.audio import FRAME_SAMPLES, RATE_HZ, Pcm
from models.edit import Edited, EditList
from models.errors import Conflict, StorageFailed
from models.recording import Loss, Recording
from models.room import Room
from models.transcript import Final, Word
from recorder import edited, editing, job, peaks
from recorder.editing import Edits
from recorder.recording import Recorder
from tests.recorder.taps import Play, Sound
from transcripts.cutting import without_cuts
from transcripts.effective import effective

SETTLED = 15 * FRAME_SAMPLES
"""So long after a seam the decoder hears what it hears of the whole: 0.3 s."""


Decoded = Callable[[Path], Pcm]


@pytest.fixture(scope="module")
def noisy() -> Pcm:
    """Ten seconds of noise that is loud and soft in turns, with a tone of its own each second."""
    t = np.arange(10 * RATE_HZ) / RATE_HZ
    noise = np.random.default_rng(4).normal(0, 1, len(t))
    loud = np.where(t.astype(int) % 2, 4000, 200)
    tone = np.sin(2 * np.pi * (300 + 150 * t.astype(int)) * t)
    return (loud * (tone + noise / 4)).astype(np.int16)


@pytest.fixture
def recorded(
    tmp_path: Path, room: Room, noisy: Pcm, encode: Callable[[Pcm], Sound], tap: Play
) -> Recording:
    sound = encode(noisy)
    recorder = Recorder(tmp_path, segment_s=1)
    return asyncio.run(recorder.record(room, tap(sound.frames), pre_skip=sound.pre_skip))


def render(root: Path, recording: Recording, edit: EditList) -> Recording:
    recorder = Recorder(root)
    folder, source = recorder.folder(recording.id), recorder.media_path(recording.id)
    return edited.render(folder, source, recording, edit, lambda _: None)


@pytest.mark.parametrize(
    "spans",
    [
        [(0.0, 2.5)],
        [(7.5, 10.0)],
        [(3.3, 5.1)],
        [(0.0, 0.02), (1.5, 2.0), (2.02, 4.0), (6.98, 7.0), (9.0, 10.0)],
    ],
)
def test_outside_of_the_seams_every_sample_is_that_of_the_whole(
    tmp_path: Path, recorded: Recording, decoded: Decoded, spans: list[tuple[float, float]]
) -> None:
    folder = Recorder(tmp_path).folder(recorded.id)
    edit = EditList.of(spans, recorded.samples)

    made = render(tmp_path, recorded, edit)

    heard, whole = decoded(folder / made.media), decoded(folder / recorded.media)
    assert made.samples == len(heard) == edit.length(recorded.samples)
    assert hashlib.sha256((folder / made.media).read_bytes()).hexdigest() == made.sha256
    at = 0
    edges = [0, *(edge for cut in edit.cuts for edge in (cut.start, cut.end)), recorded.samples]
    for start, end in zip(edges[::2], edges[1::2], strict=True):
        kept, wanted = heard[at : at + end - start].astype(int), whole[start:end].astype(int)
        from_ = SETTLED if start else 0
        until = len(kept) - (FRAME_SAMPLES if end < recorded.samples else 0)
        if until > from_:
            assert np.abs(kept - wanted)[from_:until].max() <= (60 if start else 0)
        at += end - start
    assert at == len(heard)


def test_behind_a_seam_nothing_of_the_cut_is_heard_and_nothing_is_louder_than_the_whole(
    tmp_path: Path, recorded: Recording, decoded: Decoded
) -> None:
    folder = Recorder(tmp_path).folder(recorded.id)
    edit = EditList.of([(2.5, 3.96), (5.04, 7.96)], recorded.samples)  # ends where it is loud

    made = render(tmp_path, recorded, edit)

    heard, whole = (decoded(folder / one.media).astype(int) for one in (made, recorded))
    for cut in edit.cuts:
        seam = edit.to_edited(cut.start)
        # One packet of silence less what the encoder looks ahead; before that the sound fades.
        assert np.abs(heard[seam + 200 : seam + FRAME_SAMPLES - 312]).max() <= 8
        behind = heard[seam + FRAME_SAMPLES : seam + SETTLED]
        there = whole[cut.end + FRAME_SAMPLES : cut.end + SETTLED]
        assert np.abs(behind).max() <= 1.1 * np.abs(there).max()
        around = np.abs(np.diff(heard[seam - FRAME_SAMPLES : seam + SETTLED])).max()
        assert around <= 1.1 * np.abs(np.diff(whole)).max()  # no click


def test_after_cuts_every_word_is_where_its_sound_is(
    tmp_path: Path,
    room: Room,
    clicks: Sound,
    clicks_at: Sequence[int],
    tap: Play,
    decoded: Decoded,
) -> None:
    recorder = Recorder(tmp_path, segment_s=1)
    made = recorder.record(room, tap(clicks.frames), pre_skip=clicks.pre_skip)
    recording = asyncio.run(made)
    edit = EditList.of([(0.0, 0.1), (1.0, 3.7), (5.0, 6.5), (8.0, 8.02)], recording.samples)
    words = [
        Word(text="click", start_s=at / RATE_HZ, end_s=at / RATE_HZ + 0.01, confidence=1)
        for at in clicks_at
    ]
    ends_s = words[0].start_s, words[-1].end_s
    caption = Final(
        id="c",
        rev=1,
        start_s=ends_s[0],
        end_s=ends_s[1],
        speaker=None,
        text="click click click click",
        words=tuple(words),
    )

    left = render(tmp_path, recording, edit)
    (said,) = effective(without_cuts([caption], Edited(hidden=edit.spans(), edit=edit)))

    heard = decoded(recorder.folder(recording.id) / left.media)
    loud = np.flatnonzero(np.abs(heard) > 5000)
    onsets = loud[np.flatnonzero(np.diff(loud, prepend=-RATE_HZ) > RATE_HZ // 10)] / RATE_HZ
    assert len(onsets) == len(said.words) == 4
    for word, onset in zip(said.words, onsets, strict=True):
        assert word.start_s == pytest.approx(onset, abs=0.002)


def test_what_was_lost_and_the_outline_follow_the_cuts(tmp_path: Path, recorded: Recording) -> None:
    losses = tuple(
        Loss(first_sample=int(at * RATE_HZ), samples=RATE_HZ, reason="disk full")
        for at in (0.5, 4.0, 8.0)
    )
    edit = EditList.of([(1.0, 3.0), (4.0, 5.0)], recorded.samples)

    made = render(tmp_path, replace(recorded, losses=losses), edit)

    assert [(one.first_sample, one.samples) for one in made.losses] == [
        (24_000, 24_000),
        (240_000, 48_000),
    ]
    points = np.arange(500, dtype=np.int16).repeat(2).reshape(-1, 2) % 100 + 1
    whole = peaks.Peaks(samples=recorded.samples, points=points.astype(np.int8))
    left = whole.without(edit)
    assert (left.samples, len(left.points)) == (made.samples, 350)
    assert left.points[49:52].tolist() == [[50, 50], [0, 0], [52, 52]]
    assert left.points[-1].tolist() == whole.points[-1].tolist()


def test_the_job_makes_what_is_left_and_measures_it_and_clears_away_what_was_made_before(
    tmp_path: Path, recorded: Recording
) -> None:
    recorder, told = Recorder(tmp_path), list[str]()
    folder = recorder.folder(recorded.id)

    def finish() -> None:
        job.finish(tmp_path, recorded.id, lambda step, _: told.append(step))

    finish()
    edits = Edits().changed(EditList.of([(1.0, 2.0)], recorded.samples))
    editing.save(folder, edits)
    assert job.is_left(folder)
    finish()
    first = edited.load(folder, recorder.recording(recorded.id), edits.now)
    assert first is not None
    assert first.loudness is not None
    assert not job.is_left(folder)
    assert {"joining", "measuring", "cutting"} == set(told)

    (folder / first.media).unlink()  # as after a crash
    assert job.is_left(folder)
    finish()
    assert (folder / first.media).exists()
    os.truncate((folder / first.media).with_suffix(".json"), 10)
    assert job.is_left(folder)
    finish()
    assert not job.is_left(folder)

    edits = edits.changed(EditList.of([(1.0, 2.5)], recorded.samples))
    editing.save(folder, edits)
    finish()
    assert not (folder / first.media).exists()
    editing.save(folder, edits.moved(-1).moved(-1))
    finish()
    assert list(folder.glob("derived/*")) == []


def test_every_change_can_be_undone_and_done_again_after_a_restart(tmp_path: Path) -> None:
    one, two = EditList.of([(1, 2)], 480_000), EditList.of([(1, 2), (3, 4)], 480_000)
    edits = Edits().changed(one).changed(two).moved(-1)
    editing.save(tmp_path, edits)

    again = editing.load(tmp_path)

    assert (again, again.now, again.rev) == (edits, one, 3)
    assert (again.moved(1).now, again.moved(-1).now) == (two, EditList())
    assert (again.can_undo, again.can_redo) == (True, True)
    assert not again.changed(EditList()).can_redo
    assert again.changed(one) == again
    with pytest.raises(Conflict, match="nothing to redo"):
        again.moved(1).moved(1)
    with pytest.raises(Conflict, match="nothing to undo"):
        Edits().moved(-1)


@pytest.mark.parametrize("content", ["", "{}", '{"states": [[]], "at": 3, "rev": 1}', "[]"])
def test_cuts_that_cannot_be_read_are_no_empty_cuts(tmp_path: Path, content: str) -> None:
    (tmp_path / editing.FILE).write_text(content)

    with pytest.raises(StorageFailed):
        editing.load(tmp_path)


def test_only_the_newest_changes_are_kept() -> None:
    edits = Edits()
    for number in range(150):
        edits = edits.changed(EditList.of([(number, number + 1)], 480_000_000))

    assert len(edits.states) == editing.MOST_STATES
    assert edits.now.spans() == ((149, 150),)
    assert edits.rev == 150
