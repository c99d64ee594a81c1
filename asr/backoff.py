"""When a process that died is started again, and whether it is believed to work: pure.

Being loaded is no life and living is no work: what shows that a process works is speech that it
has worked off. Otherwise one that dies of its first words would be tried ever faster, and readers
would be told each time that captions are back.
"""

_DOUBTED = 2


class Backoff:
    """Counts what went wrong in a row.

    A life that lasted ``settled_s`` and did its work ends the row; the next death begins another.
    """

    def __init__(self, *, first_s: float, longest_s: float, settled_s: float) -> None:
        self._first_s = first_s
        self._longest_s = longest_s
        self._settled_s = settled_s
        self._next_s = first_s
        self._early_deaths = 0

    @property
    def doubtful(self) -> bool:
        """Whether the next process has to work before anybody is told that it does."""
        return self._early_deaths >= _DOUBTED

    def died(self, *, lived_s: float, worked: bool) -> None:
        """Note a death ``lived_s`` after loading.

        ``worked`` says that speech was worked off, or that none was waiting.
        """
        if worked and lived_s > self._settled_s:
            self._next_s = self._first_s
            self._early_deaths = 0
        self._early_deaths += 1

    def pause_s(self) -> float:
        """Say how long to wait before the next start; the next pause is twice as long."""
        pause_s, self._next_s = self._next_s, min(2 * self._next_s, self._longest_s)
        return pause_s
