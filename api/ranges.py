"""What a client asks for with ``Range`` (RFC 9110, 14): pure."""

import re

_ONE_SPAN = re.compile(r"bytes\s*=\s*(\d*)\s*-\s*(\d*)\s*", re.ASCII | re.IGNORECASE)


class Unsatisfiable(Exception):
    """The span lies behind the end."""


def wanted(header: str | None, size: int) -> tuple[int, int] | None:
    """Give the span from its first byte to before its end; None when all is to be given.

    That is so without a header, for one that makes no sense, and for several spans, which a server
    need not give. Raises `Unsatisfiable`.
    """
    found = _ONE_SPAN.fullmatch(header or "")
    if found is None or found.groups() == ("", ""):
        return None
    first, last = found.groups()
    if not first:
        start, end = max(0, size - int(last)), size
    else:
        start, end = int(first), min(size, int(last) + 1) if last else size
        if last and int(last) < start:
            return None
    if start >= size or start >= end:
        raise Unsatisfiable
    return start, end
