"""Which engine captions this server, and what to tell people about it.

``auto``: whisper when its weights are in the cache, else download them, else pocketsphinx.
"""

import logging
import os
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path

from asr import proof, weights
from asr.host import Limits
from asr.inprocess import InProcess
from asr.machine import Share, Wish, look, share
from asr.process import WorkerSpec
from asr.scripted import ScriptedEngine, load_script
from asr.supervisor import Supervised
from models.caption import EngineInfo
from models.errors import EngineUnavailable, Invalid
from models.room import AUTO_LANGUAGE
from pipeline.recognition import Recogniser

log = logging.getLogger(__name__)

ENGINES = ("auto", "faster-whisper", "pocketsphinx", "scripted")
_MANY = 32
_PATIENT = Limits(hang_s=600.0)  # half a minute at once, on a machine that has other things to do
BASIC = (
    "Captions come from the embedded engine, whose quality is basic. For better ones, connect to "
    "the network once, or give --model a folder with faster-whisper weights."
)
NO_SMALLER = (
    "ROOMSCRIBE_SMALLER_MODEL has no effect: only faster-whisper can go over to a smaller model."
)
SHORT = "Windows are encoded as long as they are (short context)."
PADDED = (
    "Windows are padded to thirty seconds. `roomscribe prove` tries whether these weights hear as "
    "well without."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A recogniser that has not been started yet.

    ``notice`` is empty or one or two lines for people, ``work`` says how whisper encodes its
    windows and ``share`` how much of the machine it takes.
    """

    recogniser: Recogniser
    notice: str = ""
    work: str = ""
    share: Share | None = None


def choose(
    engine: str = "auto",
    model: str = "",
    *,
    language: str = AUTO_LANGUAGE,
    download: bool = True,
    short_context: str = "auto",
    smaller: str = "",
    wish: Wish | None = None,
    patient: bool = False,
    advance: weights.Advance | None = None,
    cache: Path | None = None,
) -> Choice:
    """Choose an engine. Blocks while it downloads; without a network it takes seconds.

    ``model`` is a folder of weights, a model's name, or the script of the scripted engine.
    Without one, ``language`` decides: `AUTO_LANGUAGE` when rooms may speak any.
    ``short_context`` (``on``, ``off``, or ``auto``: where it is proven) lets whisper encode less
    than thirty seconds (`asr.context`). ``smaller`` is given as ``model`` is: another one for rooms
    that overload whisper. ``wish`` is what was set about the machine.
    A ``patient`` engine takes its time for files, where a live one gives up what comes too late.
    ``cache`` is where weights are kept, by default the hub's own cache. Raises
    `EngineUnavailable` when the engine that was asked for cannot run here, and `Invalid` for an
    engine that does not exist, a wish that this machine cannot fulfil, or a smaller model that is
    not here or knows less languages.
    """

    def whisper() -> Choice:
        taken = share(wish or Wish(), look())
        folder, name = _weights(model, language, download, advance, cache)

        def short(weights: Path) -> bool:
            return short_context == "on" or (short_context == "auto" and proof.holds(weights))

        spec = whisper_spec(folder, name, short_context=short(folder), taken=taken, patient=patient)
        if smaller and not patient:
            other, other_name = _smaller(smaller, folder, name, download, advance, cache)
            spec = replace(
                spec,
                info=replace(spec.info, smaller=other_name),
                smaller=str(other),
                smaller_short_context=short(other),
            )
        work = SHORT if spec.short_context else PADDED
        limits = _PATIENT if patient else None
        return Choice(recogniser=Supervised(spec, limits=limits), work=work, share=taken)

    match engine:
        case "auto":
            try:
                return whisper()
            except EngineUnavailable as error:
                if model:
                    raise
                log.info("no whisper: %s", error)
                return _sphinx(f"{error} {BASIC}", smaller, patient)
        case "faster-whisper":
            return whisper()
        case "pocketsphinx":
            return _sphinx(BASIC, smaller, patient)
        case "scripted":
            scripted = ScriptedEngine(load_script(Path(model)))
            return Choice(recogniser=InProcess(scripted), notice=NO_SMALLER if smaller else "")
    raise Invalid(f"There is no engine called {engine}; use {', '.join(ENGINES)}.", field="engine")


def whisper_spec(
    folder: Path,
    name: str,
    *,
    short_context: bool = False,
    taken: Share | None = None,
    patient: bool = False,
) -> WorkerSpec:
    """Describe processes that run whisper for many rooms; ``taken`` as `asr.machine` shares out."""
    taken = taken or share(Wish(), look())
    languages = weights.languages(folder)
    translates = len(languages) > 1 and weights.may_translate(name)
    return WorkerSpec(
        engine="faster-whisper",
        info=EngineInfo(name="faster-whisper", model=name, quality="good", translates=translates),
        model=str(folder),
        streams_per_process=_MANY,
        processes=taken.processes,
        workers=taken.workers,
        threads=taken.threads,
        batch=taken.batch,
        device=taken.device,
        compute_type=taken.compute_type,
        gpus=taken.gpus,
        short_context=short_context,
        patient=patient,
        languages=languages,
    )


def sphinx_spec() -> WorkerSpec:
    """Describe a process that runs pocketsphinx for one room: it never releases the GIL."""
    return WorkerSpec(
        engine="pocketsphinx",
        info=EngineInfo(name="pocketsphinx", model="en-us", quality="basic"),
        languages=("en",),
    )


def _weights(
    model: str,
    language: str,
    download: bool,
    advance: weights.Advance | None,
    cache: Path | None,
) -> tuple[Path, str]:
    """Find or download whisper's weights; gives their folder and name."""
    if find_spec("faster_whisper") is None:
        raise EngineUnavailable("faster-whisper is not installed.")
    names = (model,) if model else weights.default_models(language)
    found = ((name, weights.find(name, cache=cache)) for name in names)
    wanted, folder = next((one for one in found if one[1]), (names[0], None))
    if folder is None and download and not _is_path(wanted):
        folder = weights.download(wanted, advance, cache=cache)
    if folder is None:
        raise EngineUnavailable(f"The whisper model {wanted} is not on this machine.")
    return folder, Path(wanted).name


def _smaller(
    model: str,
    usual: Path,
    name: str,
    download: bool,
    advance: weights.Advance | None,
    cache: Path | None,
) -> tuple[Path, str]:
    """Find or download the smaller model; it must know the languages of the usual one."""
    try:
        folder, found = _weights(model, "", download, advance, cache)
    except EngineUnavailable as error:
        raise Invalid(f"{error} (ROOMSCRIBE_SMALLER_MODEL)", field="smaller_model") from error
    known = set(weights.languages(usual))
    if not known or not known <= set(weights.languages(folder)):
        raise Invalid(
            f"The smaller model {found} does not know all languages of {name} "
            "(ROOMSCRIBE_SMALLER_MODEL).",
            field="smaller_model",
        )
    return folder, found


def _is_path(model: str) -> bool:
    return model.startswith((".", "~", os.sep)) or Path(model).exists()


def _sphinx(notice: str, smaller: str, patient: bool) -> Choice:
    if find_spec("pocketsphinx") is None:
        raise EngineUnavailable("pocketsphinx is not installed.")
    lines = [notice, NO_SMALLER] if smaller else [notice]
    recogniser = Supervised(sphinx_spec(), limits=_PATIENT if patient else None)
    return Choice(recogniser=recogniser, notice="\n".join(lines))
