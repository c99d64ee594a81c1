"""Answers with what was said, and where that was not found, with what it may have been heard as."""

import logging
import threading
import time
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import Connection, Engine

from transcripts.database import FAILURES
from transcripts.search.answering import Answer, Exactly, Finder, HeardAs
from transcripts.search.finding import lines
from transcripts.search.index import Page, Reach, SearchIndex
from transcripts.search.misheard import Widened, widen
from transcripts.search.query import Query
from transcripts.search.said import OWN
from transcripts.search.vocabulary import Vocabulary

log = logging.getLogger(__name__)


class Words(Protocol):
    """Where the vocabulary of an index comes from."""

    def known(self, engine: Engine) -> Vocabulary:
        """Give what is known now."""
        ...


class Known:
    """A vocabulary that stays as it is."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary

    def known(self, engine: Engine) -> Vocabulary:
        return self._vocabulary


class Reread:
    """The vocabulary of an index, read anew in a thread when it is asked for and has become old.

    It is at least ``least_s`` old then, and ``rest`` times as long as the reading took. Who asks
    first waits for ``patience_s`` at most, and is given an empty one after it.
    """

    def __init__(
        self,
        index: SearchIndex,
        *,
        least_s: float = 20.0,
        rest: float = 50.0,
        patience_s: float = 0.5,
    ) -> None:
        self._index = index
        self._least_s, self._rest, self._patience_s = least_s, rest, patience_s
        self._known: Vocabulary | None = None
        self._until_s = 0.0
        self._reading = threading.Lock()
        self._read_once = threading.Event()
        self._thread: threading.Thread | None = None

    def known(self, engine: Engine) -> Vocabulary:
        if time.monotonic() >= self._until_s and self._reading.acquire(blocking=False):
            self._thread = threading.Thread(target=self._read, args=(engine,), daemon=True)
            self._thread.start()
        if self._known is None:
            self._read_once.wait(self._patience_s)
        return self._known or Vocabulary()

    def join(self) -> None:
        """Wait for what is being read."""
        if self._thread is not None:
            self._thread.join()

    def _read(self, engine: Engine) -> None:
        began_s = time.monotonic()
        try:
            with engine.connect() as connection:
                words = list(self._index.words(connection))
            self._known = Vocabulary(words)  # read through: deleting waits for who reads
        except FAILURES as error:
            log.warning("the words of the index could not be read: %s", type(error).__name__)
        finally:
            ended_s = time.monotonic()
            self._until_s = ended_s + max(self._least_s, self._rest * (ended_s - began_s))
            self._read_once.set()
            self._reading.release()


class Tolerantly:
    """Finds the words as they were typed or, where there is no such caption, what is like them."""

    def __init__(self, index: SearchIndex, words: Words | None = None) -> None:
        self._index = index
        self._words = words or Reread(index)

    def find(self, connection: Connection, query: Query, reach: Reach, page: Page) -> Answer:
        found = self._index.find(connection, query, reach, page)
        if found.total:
            return Answer(found=found, query=query)
        widened = widen(query, self._words.known(connection.engine))
        if widened is None:
            return Answer(found=found, query=query)
        found = self._index.find(connection, widened.query, reach, page)
        if not found.total:
            return Answer(found=found, query=query)
        heard_as = self._heard_as(connection, widened, [hit.id for hit in found.hits])
        return Answer(found=found, query=widened.query, heard_as=heard_as, exact=False)

    def _heard_as(
        self, connection: Connection, widened: Widened, ids: list[int]
    ) -> tuple[HeardAs, ...]:
        texts = [line.rpartition(OWN)[2].split() for _, line in lines(connection, ids)]
        heard_as = widened.heard_as(texts)
        return tuple(HeardAs(word=word, others=others) for word, others in heard_as.items())


@dataclass(frozen=True, slots=True, kw_only=True)
class Finders:
    """How searches are answered as a rule, and for who wants the ``exact`` words alone."""

    usual: Finder
    exact: Finder


def finders(index: SearchIndex) -> Finders:
    """Give those of an index."""
    return Finders(usual=Tolerantly(index), exact=Exactly(index))
