"""What XML can hold."""

import re

_NOT_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def xml_text(text: str) -> str:
    """Text with a mark in place of each character that no XML document may have."""
    return _NOT_XML.sub("\ufffd", text)
