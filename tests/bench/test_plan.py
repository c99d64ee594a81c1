from dataclasses import replace

from bench.peers.plan import Plan, Step, most_s, needed, steps
from tests.bench.made_runs import made_run

PLAN = Plan(systems=("ours", "theirs"), rooms=(1, 2), beyond=(4, 8), runs=2, length_s=20.0)


def test_systems_take_turns_and_rooms_ascend() -> None:
    order = [(step.rooms, step.run, step.system) for step in steps(PLAN)]

    assert order[:4] == [(1, 0, "ours"), (1, 0, "theirs"), (1, 1, "ours"), (1, 1, "theirs")]
    assert order[-4:] == [(4, 0, "ours"), (4, 0, "theirs"), (8, 0, "ours"), (8, 0, "theirs")]


def test_a_variant_is_measured_once_with_each_number_of_rooms() -> None:
    plan = replace(PLAN, once=frozenset({"theirs"}))

    assert [(s.rooms, s.run) for s in steps(plan) if s.system == "theirs"] == [(1, 0), (2, 0)]


def test_a_system_far_from_keeping_up_is_not_measured_again() -> None:
    done = {(1, "ours"): [made_run(1.0)], (1, "theirs"): [made_run(9.0), made_run(8.0)]}

    again = [Step(rooms=rooms, run=2, system="theirs") for rooms in (1, 2, 4)]

    assert not any(needed(step, PLAN, done) for step in again)
    assert needed(Step(rooms=1, run=1, system="ours"), PLAN, done)


def test_a_system_that_is_a_little_late_is_measured_in_full_but_not_beyond() -> None:
    done = {(2, "ours"): [made_run(4.0), made_run(4.0)]}

    assert needed(Step(rooms=2, run=1, system="ours"), PLAN, done)
    assert not needed(Step(rooms=4, run=0, system="ours"), PLAN, done)


def test_more_rooms_are_tried_as_long_as_a_system_keeps_up() -> None:
    done = {(2, "ours"): [made_run(1.0)], (4, "ours"): [made_run(3.0)]}

    assert needed(Step(rooms=8, run=0, system="ours"), PLAN, done)

    done[8, "ours"] = [made_run(3.5)]
    assert not needed(Step(rooms=12, run=0, system="ours"), PLAN, done)


def test_one_bad_run_may_have_been_disturbed() -> None:
    done = {(1, "ours"): [made_run(9.0)], (2, "ours"): [made_run(1.0), made_run(9.0)]}

    assert needed(Step(rooms=1, run=1, system="ours"), PLAN, done)


def test_a_system_without_any_caption_is_far_from_keeping_up() -> None:
    assert not needed(Step(rooms=2, run=0, system="ours"), PLAN, {(1, "ours"): [made_run()] * 2})


def test_the_time_is_known_before() -> None:
    assert most_s(PLAN, list(steps(PLAN))) > 12 * 20.0
