"""The two kinds of database that a journal is kept in, for tests that are run on both."""

from pathlib import Path

import pytest
from sqlalchemy import make_url

from transcripts.database import Where


@pytest.fixture(params=["sqlite", "postgresql"])
def where(request: pytest.FixtureRequest, tmp_path: Path) -> Where:
    """An empty database."""
    if request.param == "sqlite":
        return tmp_path / "transcripts.db"
    return make_url(request.getfixturevalue("postgres_url"))
