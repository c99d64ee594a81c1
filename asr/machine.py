"""What this machine offers a recogniser, and how its cores and GPUs are shared out.

`share` is pure; `look` is the one place that asks the machine.
"""

import os
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Literal

from models.errors import Invalid

Device = Literal["auto", "cpu", "cuda"]
ComputeType = Literal[
    "auto",
    "int8",
    "int8_float32",
    "int8_float16",
    "int8_bfloat16",
    "int16",
    "float16",
    "bfloat16",
    "float32",
]

# The first that the device can compute is taken: the quickest that costs no words.
_PREFERRED = {"cpu": ("int8", "float32"), "cuda": ("float16", "int8_float16", "float32")}
_MOST_WORKERS = 4
_MOST_THREADS = 4
_MOST_PROCESSES = 4
_CORES_A_PROCESS = 8
_GPU_BATCH = 8
_NOT_IN_NUMPY = ("bfloat16", "int8_bfloat16")  # rows of a batch are passed on as numpy arrays


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What was set about running whisper; 0 and ``auto`` leave it to the machine."""

    device: Device = "auto"
    compute_type: ComputeType = "auto"
    processes: int = 0
    workers: int = 0
    threads: int = 0
    batch: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """Cores and GPUs that may be used, and what each device can compute with."""

    cores: int
    gpus: int = 0
    cpu_types: frozenset[str] = frozenset({"int8", "int8_float32", "float32"})
    gpu_types: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """How whisper runs: ``processes`` with ``workers``, each of which takes ``batch`` windows."""

    device: str
    compute_type: str
    gpus: int
    processes: int
    workers: int
    threads: int
    batch: int

    def __str__(self) -> str:
        """Describe the share for people."""
        windows = self.workers * self.batch
        parts = [
            f"{self.device} with {self.compute_type}",
            _count(self.processes, "process", "processes"),
            f"{_count(windows, 'window')} at a time in each",
            f"{_count(self.threads, 'thread')} a decode",
        ]
        return ", ".join(parts)


def look() -> Machine:
    """Ask the machine; without CTranslate2 there is no GPU to use."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    if find_spec("ctranslate2") is None:
        return Machine(cores=cores or 1)
    import ctranslate2

    gpus = int(ctranslate2.get_cuda_device_count())
    gpu_types = ctranslate2.get_supported_compute_types("cuda") if gpus else ()
    return Machine(
        cores=cores or 1,
        gpus=gpus,
        cpu_types=frozenset(ctranslate2.get_supported_compute_types("cpu")),
        gpu_types=frozenset(gpu_types),
    )


def share(wish: Wish, machine: Machine) -> Share:
    """Decide what was left open. Raises `Invalid` for what this machine cannot do.

    On a CPU, windows of several rooms side by side are worth more than one window on several cores,
    so cores become workers first; a process for each eight cores keeps what dies with it small. On
    GPUs there is a process for each, whose one worker decodes batches.
    """
    if wish.device == "cuda" and not machine.gpus:
        raise Invalid(
            "The device cuda was asked for, but no NVIDIA GPU can be used here; "
            "set ROOMSCRIBE_DEVICE to cpu or auto.",
            field="device",
        )
    device = "cuda" if machine.gpus and wish.device != "cpu" else "cpu"
    on_gpu = device == "cuda"
    usual = machine.gpus if on_gpu else min(_MOST_PROCESSES, machine.cores // _CORES_A_PROCESS)
    processes = wish.processes or max(1, usual)
    cores = max(1, machine.cores // processes)
    workers = wish.workers or (1 if on_gpu else min(_MOST_WORKERS, cores))
    compute_type = _compute_type(wish, device, machine)
    batch = wish.batch or (_GPU_BATCH if on_gpu else 1)
    return Share(
        device=device,
        compute_type=compute_type,
        gpus=machine.gpus if on_gpu else 0,
        processes=processes,
        workers=workers,
        threads=wish.threads or max(1, min(_MOST_THREADS, cores // workers)),
        batch=1 if compute_type in _NOT_IN_NUMPY else batch,
    )


def _compute_type(wish: Wish, device: str, machine: Machine) -> str:
    known = machine.gpu_types if device == "cuda" else machine.cpu_types
    if wish.compute_type == "auto":
        return next((kind for kind in _PREFERRED[device] if kind in known), "float32")
    if wish.compute_type not in known:
        raise Invalid(
            f"This machine's {device} cannot compute with {wish.compute_type}; "
            f"set ROOMSCRIBE_COMPUTE_TYPE to auto, {', '.join(sorted(known))}.",
            field="compute_type",
        )
    return wish.compute_type


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"
