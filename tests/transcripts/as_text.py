"""What is written in an exported file, read back where that takes a library."""

import io

from docx import Document


def as_text(data: bytes, format: str) -> str:
    """Give a file's text; that of a document is its paragraphs, one a line."""
    if format != "docx":
        return data.decode()
    document = Document(io.BytesIO(data))
    return "\n".join([document.core_properties.title, *(p.text for p in document.paragraphs)])
