"""Where whisper's weights are: in a folder, in the hub's cache, or on the hub.

Looking is done with files alone. Downloading begins with a check of two seconds, because without
a network the hub's client retries for minutes.
"""

import json
import logging
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import huggingface_hub
from huggingface_hub import constants
from huggingface_hub.errors import HfHubHTTPError, RepositoryNotFoundError
from huggingface_hub.utils.tqdm import tqdm

from asr.language import LANGUAGES, code
from models.errors import EngineUnavailable
from models.room import AUTO_LANGUAGE

log = logging.getLogger(__name__)

NEEDED = ("config.json", "model.bin", "tokenizer.json")
_PATTERNS = [*NEEDED, "preprocessor_config.json", "vocabulary.*"]
_REPOSITORY = "Systran/faster-whisper-{}"
_DISTIL = "Systran/faster-{}"
REACH_S = 2.0

Advance = Callable[[int, int], None]


def default_models(language: str) -> tuple[str, ...]:
    """Name weights that suit a machine without a GPU, the best for a language first.

    For `AUTO_LANGUAGE`, as for a server whose rooms speak who knows what, English-only weights
    will do when they are here and multilingual ones are not.
    """
    if language == AUTO_LANGUAGE:
        return ("base", "base.en")
    return ("base.en", "base") if code(language) == "en" else ("base",)


def default_model(language: str) -> str:
    """Name the weights that suit a language and a machine without a GPU best."""
    return default_models(language)[0]


def languages(folder: Path) -> tuple[str, ...]:
    """Say which languages the weights in a folder know; nothing when that cannot be told.

    Whisper's multilingual vocabulary has an empty token, which its English-only one has not: so
    CTranslate2 tells them apart, too.
    """
    tokens = _vocabulary(folder)
    if not tokens:
        return ()
    if "" not in tokens:
        return ("en",)
    return (*LANGUAGES, "yue") if "<|yue|>" in tokens else LANGUAGES


def repository(model: str) -> str:
    """Name the hub repository of a model; ``owner/name`` stays as it is."""
    if "/" in model:
        return model
    return (_DISTIL if model.startswith("distil-") else _REPOSITORY).format(model)


def find(model: str, *, cache: Path | None = None) -> Path | None:
    """Find weights on this machine: a folder, or a name in the hub's cache. Never goes out."""
    folder = Path(model).expanduser()
    if _complete(folder):
        return folder
    name = "models--" + repository(model).replace("/", "--")
    root = (cache or Path(constants.HF_HUB_CACHE)) / name
    main = root / "refs" / "main"
    snapshots = sorted(root.glob("snapshots/*"))
    if main.is_file():
        snapshots.append(root / "snapshots" / main.read_text(encoding="utf-8").strip())
    return next((s for s in reversed(snapshots) if _complete(s)), None)


def download(model: str, advance: Advance | None = None, *, cache: Path | None = None) -> Path:
    """Fetch weights into the hub's cache; ``advance(done, total)`` in bytes, as they come.

    Raises `EngineUnavailable` with one line that says why, within seconds when offline.
    """
    if not reachable():
        raise EngineUnavailable(f"The whisper model {model} cannot be downloaded: no network.")
    try:
        path = huggingface_hub.snapshot_download(
            repository(model),
            cache_dir=cache,
            allow_patterns=_PATTERNS,
            etag_timeout=5,
            tqdm_class=_bar(advance),
        )
    except RepositoryNotFoundError:
        raise EngineUnavailable(f"There is no whisper model called {model}.") from None
    except (HfHubHTTPError, OSError, ValueError) as error:
        log.debug("download failed", exc_info=error)
        raise EngineUnavailable(
            f"The whisper model {model} could not be downloaded ({type(error).__name__})."
        ) from error
    if not _complete(Path(path)):
        raise EngineUnavailable(f"The whisper model {model} is not complete.")
    return Path(path)


def reachable(timeout_s: float = REACH_S) -> bool:
    """Whether the model hub answers; False at once when the hub is set to be offline.

    In a thread of its own, since looking a name up cannot be given a time limit.
    """
    if constants.HF_HUB_OFFLINE:
        return False
    answered = threading.Event()
    asked = threading.Event()

    def ask() -> None:
        try:
            huggingface_hub.get_session().head(constants.ENDPOINT, timeout=timeout_s)
            answered.set()
        except Exception as error:
            log.debug("the model hub does not answer: %s", type(error).__name__)
        asked.set()

    threading.Thread(target=ask, name="reach-hub", daemon=True).start()
    asked.wait(timeout_s + 0.5)
    return answered.is_set()


def may_translate(model: str) -> bool:
    """Whether a model of this name was trained to translate, if it knows more than English.

    Distilled and turbo weights know the task's token and were only trained to transcribe.
    """
    return not any(kind in model.lower() for kind in ("distil", "turbo"))


def _vocabulary(folder: Path) -> frozenset[str]:
    try:
        if (folder / "vocabulary.json").is_file():
            text = (folder / "vocabulary.json").read_text(encoding="utf-8")
            return frozenset(map(str, json.loads(text)))
        text = (folder / "vocabulary.txt").read_text(encoding="utf-8")
        return frozenset(text.removesuffix("\n").split("\n"))
    except (OSError, ValueError, TypeError):
        return frozenset()


def _complete(folder: Path) -> bool:
    return all((folder / name).is_file() for name in NEEDED)


def _bar(advance: Advance | None) -> type[tqdm]:
    """Make a progress bar class that draws nothing and reports the bytes written."""

    class Bar(tqdm):
        def __init__(self, *arguments: Any, **options: Any) -> None:
            # The hub shows three bars: files, bytes over the network, and bytes written.
            description = str(options.get("desc"))
            self._told = options.get("unit") == "B" and not description.startswith("Downloading")
            self._done = 0
            super().__init__(*arguments, **{**options, "disable": True})  # type: ignore[no-untyped-call]

        def update(self, n: float | None = 1) -> bool | None:
            self._done += int(n or 0)
            if advance is not None and self._told:
                advance(self._done, int(self.total or 0))
            return None

    return Bar
