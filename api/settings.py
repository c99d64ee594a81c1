"""What can be set from outside; the one place that reads the environment."""

from pathlib import Path
from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Every setting is an environment variable with the prefix ``ROOMSCRIBE_``."""

    model_config = SettingsConfigDict(env_prefix="ROOMSCRIBE_")

    data_dir: Path = Field(
        default=Path("data"), description="Where rooms, transcripts and recordings are kept."
    )
    host: str = Field(default="127.0.0.1", description="The address that the server listens on.")
    port: int = Field(
        default=8000, ge=0, le=65535, description="The port that the server listens on."
    )
    engine: Literal["auto", "faster-whisper", "pocketsphinx", "scripted"] = Field(
        default="auto", description="Which recogniser captions rooms."
    )
    model: str = Field(
        default="", description="The whisper model: a name such as `small.en`, or a folder."
    )
    download: bool = Field(
        default=True, description="Whether missing whisper weights may be downloaded."
    )
    short_context: Literal["auto", "on", "off"] = Field(
        default="auto",
        description="Whether whisper encodes only as much as was said instead of thirty seconds.",
    )
    ice_addresses: str = Field(
        default="",
        description="Addresses offered for audio, with commas; empty means those of this machine.",
    )
    segment_s: float = Field(
        default=4.0,
        ge=0.5,
        le=60,
        description="How many seconds of a recording share one segment file.",
    )
    token_days: int = Field(default=30, ge=1, description="How long a sign-in lasts.")
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="warning", description="How much the server logs; spoken words are never logged."
    )

    @property
    def ice(self) -> tuple[str, ...]:
        """The addresses of ``ice_addresses``, one by one."""
        return tuple(part.strip() for part in self.ice_addresses.split(",") if part.strip())
