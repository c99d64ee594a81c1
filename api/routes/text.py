"""Text that people sent: whatever Unicode knows as characters."""

from typing import Annotated

from pydantic import AfterValidator


def _encodable(value: str) -> str:
    try:
        value.encode()
    except UnicodeEncodeError:
        raise ValueError("it has half a character, which cannot be kept") from None
    return value


ENCODABLE = AfterValidator(_encodable)
"""Refuses lone surrogates, which JSON can carry and neither a file nor an answer can."""

Text = Annotated[str, ENCODABLE]
