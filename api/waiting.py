"""How many finals wait for a reader who has paused or catches up; pure."""

from models.transcript import Entry, Final


class Waiting:
    """The finals between a reader's place, at first ``sent``, and the newest entry.

    They are counted as they come. What the bus forgot is `uncounted`, until `count` is told what
    the journal knows of it.
    """

    def __init__(self, sent: int) -> None:
        self._until = sent
        self.finals = 0

    def came(self, item: Entry) -> None:
        """Count an entry, unless there are others before it that nobody has counted."""
        if item.seq == self._until + 1:
            self._until = item.seq
            self.finals += isinstance(item, Final)

    def sent(self, item: Entry) -> None:
        """Note that the reader was given an entry, and so everything before it."""
        if item.seq > self._until:
            self._until, self.finals = item.seq, 0
        else:
            self.finals -= isinstance(item, Final)

    def uncounted(self, latest: int) -> range:
        """Give the numbers up to ``latest`` that have to be counted in the journal."""
        return range(self._until + 1, latest + 1)

    def count(self, numbers: range, finals: int) -> None:
        """Take how many of those numbers are finals'."""
        self._until = numbers[-1]
        self.finals += finals
