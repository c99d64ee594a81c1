"""Settings, and that their reference says what is so."""

import re
from pathlib import Path

import pytest
from pydantic import ValidationError

from api.settings import Settings

REFERENCE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "settings.md"
ROW = re.compile(r"^\| `(?P<name>[A-Z0-9_]+)` \| (?P<default>.+?) \| (?P<meaning>.+?) \|$", re.M)


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"ROOMSCRIBE_{name.upper()}", raising=False)


def _rows() -> dict[str, re.Match[str]]:
    return {row["name"]: row for row in ROW.finditer(REFERENCE.read_text(encoding="utf-8"))}


def test_the_reference_names_every_setting_and_nothing_else() -> None:
    assert list(_rows()) == [f"ROOMSCRIBE_{name.upper()}" for name in Settings.model_fields]


@pytest.mark.parametrize("name", Settings.model_fields)
def test_the_reference_gives_the_default_and_the_meaning(name: str) -> None:
    row, field = _rows()[f"ROOMSCRIBE_{name.upper()}"], Settings.model_fields[name]
    default = str(field.default).lower() if field.annotation is bool else str(field.default)

    assert row["default"] == (f"`{default}`" if default else "empty")
    assert row["meaning"].startswith(str(field.description).rstrip("."))


def test_the_environment_sets_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROOMSCRIBE_PORT", "9001")
    monkeypatch.setenv("ROOMSCRIBE_DOWNLOAD", "false")
    monkeypatch.setenv("ROOMSCRIBE_ICE_ADDRESSES", " 10.0.0.1, ,10.0.0.2 ")

    settings = Settings()

    assert (settings.port, settings.download) == (9001, False)
    assert settings.ice == ("10.0.0.1", "10.0.0.2")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "70000"),
        ("PORT", "http"),
        ("ENGINE", "ears"),
        ("DEVICE", "tpu"),
        ("COMPUTE_TYPE", "int7"),
        ("PROCESSES", "-1"),
        ("WORKERS", "many"),
        ("THREADS", "65"),
        ("BATCH", "33"),
        ("SEGMENT_S", "0"),
        ("TOKEN_DAYS", "0"),
        ("LOG_LEVEL", "shout"),
        ("SHORT_CONTEXT", "perhaps"),
    ],
)
def test_a_setting_that_cannot_be_is_refused_by_name(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(f"ROOMSCRIBE_{name}", value)

    with pytest.raises(ValidationError) as raised:
        Settings()

    assert raised.value.errors()[0]["loc"] == (name.lower(),)
