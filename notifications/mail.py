"""Gives letters to a mail server, by SMTP."""

from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Literal

import aiosmtplib

from notifications.outbox import NotSent

_PATIENCE_S = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class MailServer:
    """Where letters are given to, and how; ``user`` is empty where nobody has to sign in."""

    host: str
    port: int
    security: Literal["starttls", "tls", "none"]
    sender: str
    user: str = ""
    password: str = field(default="", repr=False)

    async def send(self, letter: EmailMessage) -> None:
        """Give one letter. Raises `NotSent`, for good where its address is not one."""
        try:
            await aiosmtplib.send(
                letter,
                hostname=self.host,
                port=self.port,
                username=self.user or None,
                password=self.password or None,
                use_tls=self.security == "tls",
                start_tls=self.security == "starttls",
                timeout=_PATIENCE_S,
            )
        except aiosmtplib.SMTPRecipientsRefused as error:
            codes = [refused.code for refused in error.recipients]
            gone = bool(codes) and all(500 <= code < 600 for code in codes)
            raise NotSent("its mail server refuses this address", for_good=gone) from None
        except (aiosmtplib.SMTPException, OSError) as error:
            why = f"the mail server does not take it ({type(error).__name__})"
            raise NotSent(why) from None
