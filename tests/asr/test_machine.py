import pytest

from asr.machine import Machine, Share, Wish, look, share
from models.errors import Invalid

GPU_TYPES = frozenset({"float16", "int8_float16", "int8", "float32", "bfloat16"})


def shared(wish: Wish | None = None, *, cores: int = 8, gpus: int = 0) -> Share:
    machine = Machine(cores=cores, gpus=gpus, gpu_types=GPU_TYPES if gpus else frozenset())
    return share(wish or Wish(), machine)


@pytest.mark.parametrize(
    ("cores", "processes", "workers", "threads"),
    [(1, 1, 1, 1), (2, 1, 2, 1), (4, 1, 4, 1), (8, 1, 4, 2), (16, 2, 4, 2), (64, 4, 4, 4)],
)
def test_cores_become_workers_before_they_become_threads(
    cores: int, processes: int, workers: int, threads: int
) -> None:
    taken = shared(cores=cores)

    assert (taken.processes, taken.workers, taken.threads) == (processes, workers, threads)
    assert (taken.device, taken.compute_type, taken.batch) == ("cpu", "int8", 1)


def test_each_gpu_gets_a_process() -> None:
    taken = shared(gpus=2)

    assert (taken.device, taken.compute_type) == ("cuda", "float16")
    assert (taken.gpus, taken.processes, taken.workers, taken.batch) == (2, 2, 1, 8)


def test_a_gpu_can_be_left_alone() -> None:
    taken = shared(Wish(device="cpu"), gpus=1)

    assert (taken.device, taken.compute_type, taken.gpus) == ("cpu", "int8", 0)


def test_an_old_gpu_computes_with_what_it_has() -> None:
    old = Machine(cores=4, gpus=1, gpu_types=frozenset({"float32", "int8"}))

    assert share(Wish(), old).compute_type == "float32"


def test_numbers_that_numpy_does_not_know_are_not_batched() -> None:
    assert shared(Wish(compute_type="bfloat16"), gpus=1).batch == 1


def test_what_was_set_is_taken_and_the_rest_follows() -> None:
    taken = shared(Wish(processes=2, workers=2, compute_type="float32"))

    assert (taken.processes, taken.workers, taken.threads) == (2, 2, 2)
    assert taken.compute_type == "float32"


def test_a_gpu_that_is_not_there_is_refused_in_a_line() -> None:
    with pytest.raises(Invalid, match="no NVIDIA GPU") as raised:
        shared(Wish(device="cuda"))

    assert "ROOMSCRIBE_DEVICE" in str(raised.value)
    assert "\n" not in str(raised.value)


def test_numbers_that_the_device_cannot_compute_with_are_refused_with_those_that_it_can() -> None:
    with pytest.raises(Invalid, match=r"cpu cannot compute with float16.*float32, int8") as raised:
        shared(Wish(compute_type="float16"))

    assert raised.value.field == "compute_type"


def test_a_share_is_described_for_people() -> None:
    assert str(shared(cores=16)) == (
        "cpu with int8, 2 processes, 4 windows at a time in each, 2 threads a decode"
    )
    assert "1 process, 1 window at a time in each, 1 thread a decode" in str(shared(cores=1))


def test_the_machine_that_runs_the_tests_can_run_whisper() -> None:
    assert look().cores >= 1
    assert share(Wish(device="cpu"), look()).compute_type in look().cpu_types
