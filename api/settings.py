"""What can be set from outside; the one place that reads the environment."""

from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from asr.machine import ComputeType, Device, Wish
from recorder.retention import LONGEST_DAYS


class Settings(BaseSettings):
    """Every setting is an environment variable with the prefix ``ROOMSCRIBE_``."""

    model_config = SettingsConfigDict(env_prefix="ROOMSCRIBE_")

    data_dir: Path = Field(
        default=Path("data"), description="Where rooms, transcripts and recordings are kept."
    )
    database: SecretStr = Field(
        default=SecretStr(""),
        description="A PostgreSQL database for transcripts; empty means a file in the data folder.",
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
    smaller_model: str = Field(
        default="",
        description="A smaller whisper model, a name or a folder, for rooms that are overloaded.",
    )
    short_context: Literal["auto", "on", "off"] = Field(
        default="auto",
        description="Whether whisper encodes only as much as was said instead of thirty seconds.",
    )
    device: Device = Field(default="auto", description="What whisper computes on.")
    compute_type: ComputeType = Field(
        default="auto", description="The numbers that whisper computes with."
    )
    processes: int = Field(
        default=0, ge=0, le=64, description="How many whisper processes rooms are spread over."
    )
    workers: int = Field(
        default=0, ge=0, le=64, description="How many decodes a whisper process does at a time."
    )
    threads: int = Field(
        default=0, ge=0, le=64, description="How many threads one decode uses on a CPU."
    )
    batch: int = Field(
        default=0, ge=0, le=32, description="How many rooms' windows one decode takes together."
    )
    ice_addresses: str = Field(
        default="",
        description="Addresses offered for audio, with commas; empty means those of this machine.",
    )
    voice: Literal["auto", "off"] = Field(
        default="auto", description="Whether a voice says what people type in a room."
    )
    segment_s: float = Field(
        default=4.0,
        ge=0.5,
        le=60,
        description="How many seconds of a recording share one segment file.",
    )
    finish_at_once: int = Field(
        default=1, ge=1, le=64, description="How many recordings are finished at a time."
    )
    keep_days: int = Field(
        default=0,
        ge=0,
        le=LONGEST_DAYS,
        description="How many days recordings are kept, where a room says nothing; 0 for ever.",
    )
    keep_days_max: int = Field(
        default=0,
        ge=0,
        le=LONGEST_DAYS,
        description="How many days recordings are kept at most; 0 for no limit.",
    )
    s3_bucket: str = Field(
        default="", description="The S3 bucket that finished recordings are moved to."
    )
    s3_prefix: str = Field(
        default="", description="What the keys of all objects in the bucket begin with."
    )
    s3_endpoint: str = Field(
        default="", description="The address of the S3 server; empty means Amazon's."
    )
    s3_region: str = Field(default="us-east-1", description="The bucket's region.")
    s3_access_key: str = Field(default="", description="The key that the bucket is used with.")
    s3_secret_key: SecretStr = Field(
        default=SecretStr(""), description="The secret that belongs to the key."
    )
    s3_keep_hours: float = Field(
        default=24.0, ge=0, description="How many hours a moved recording's sound stays here, too."
    )
    s3_direct: bool = Field(
        default=False, description="Whether downloads of moved recordings lead to the S3 server."
    )
    import_max_mb: int = Field(
        default=2000,
        ge=0,
        description="How large a file that is imported may be, in megabytes; 0 for no imports.",
    )
    second_pass: Literal["auto", "off"] = Field(
        default="auto",
        description="Whether a recording's captions are improved when its room is over.",
    )
    public_url: str = Field(
        default="",
        pattern=r"^(https?://[^\s/]+)?$",
        description="The address that people reach this server by, for links in e-mails.",
    )
    smtp_host: str = Field(
        default="", description="The mail server that notifications are sent by; empty for none."
    )
    smtp_port: int = Field(default=587, ge=1, le=65535, description="The mail server's port.")
    smtp_security: Literal["starttls", "tls", "none"] = Field(
        default="starttls", description="How the connection to the mail server is protected."
    )
    smtp_user: str = Field(
        default="", description="Who signs in to the mail server; empty for nobody."
    )
    smtp_password: SecretStr = Field(
        default=SecretStr(""), description="The password for the mail server."
    )
    smtp_from: str = Field(
        default="",
        validate_default=True,
        description="Who e-mails are from, as `Roomscribe <captions@example.org>`.",
    )
    webhooks_private: bool = Field(
        default=False,
        description="Whether webhooks may lead to this machine and to private networks.",
    )
    token_days: int = Field(default=30, ge=1, description="How long a sign-in lasts.")
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="warning", description="How much the server logs; spoken words are never logged."
    )

    @field_validator("smtp_host")
    @classmethod
    def _links_lead_here(cls, host: str, read: ValidationInfo) -> str:
        if host and not read.data.get("public_url"):
            raise ValueError("set ROOMSCRIBE_PUBLIC_URL too, for the links in e-mails")
        return host

    @field_validator("smtp_from")
    @classmethod
    def _is_from_somebody(cls, sender: str, read: ValidationInfo) -> str:
        if read.data.get("smtp_host") and "@" not in sender:
            raise ValueError("say who e-mails are from: Roomscribe <captions@example.org>")
        return sender

    @property
    def ice(self) -> tuple[str, ...]:
        """The addresses of ``ice_addresses``, one by one."""
        return tuple(part.strip() for part in self.ice_addresses.split(",") if part.strip())

    @property
    def wish(self) -> Wish:
        """What is set about running whisper."""
        return Wish(
            device=self.device,
            compute_type=self.compute_type,
            processes=self.processes,
            workers=self.workers,
            threads=self.threads,
            batch=self.batch,
        )
