"""Posts to people's webhooks, signed as Standard Webhooks says (standardwebhooks.com)."""

import asyncio
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import httpcore
from standardwebhooks import Webhook as Signature

from models.errors import Invalid
from notifications.network import AddressRefused, PublicNetwork, addresses
from notifications.outbox import NotSent
from notifications.webhooks import Webhook

LONGEST_URL = 1000
_PATIENCE_S = 15.0
_GONE = 410


class WebhookPost:
    """Sends JSON to webhooks; ``private`` networks, and http, only where that is allowed."""

    def __init__(self, *, private: bool) -> None:
        self._private = private

    async def accept(self, text: str) -> str:
        """Accept a URL that something may be sent to. Raises `Invalid`."""
        url = text.strip()
        try:
            parts = urlsplit(url)
            host, port = parts.hostname or "", parts.port or 443
        except ValueError:
            raise Invalid("This is no address that can be posted to", field="webhook") from None
        schemes = ("https", "http") if self._private else ("https",)
        if parts.scheme not in schemes or not host or not url.isascii() or len(url) > LONGEST_URL:
            message = f"A webhook's address begins with {' or '.join(f'{s}://' for s in schemes)}"
            raise Invalid(message, field="webhook")
        if parts.username or parts.password or any(c.isspace() or c < " " for c in url):
            raise Invalid("A webhook's address has no name, password or space", field="webhook")
        try:
            async with asyncio.timeout(_PATIENCE_S):
                await addresses(host, port, private=self._private)
        except AddressRefused as error:
            raise Invalid(f"Nothing can be sent there: {error}", field="webhook") from None
        except (OSError, UnicodeError, TimeoutError):
            raise Invalid("There is no server of this name", field="webhook") from None
        return url

    async def send(self, webhook: Webhook, id: str, body: Mapping[str, Any]) -> None:
        """Post once. Raises `NotSent` unless the answer is a 2xx."""
        content = json.dumps(body, ensure_ascii=False)
        now = datetime.now(UTC)
        headers = {
            "Host": urlsplit(webhook.url).netloc,
            "Content-Type": "application/json",
            "User-Agent": "Roomscribe",
            "webhook-id": id,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": Signature(webhook.secret).sign(id, now, content),
        }
        try:
            async with asyncio.timeout(_PATIENCE_S):
                status = await self._post(webhook.url, headers, content.encode())
        except AddressRefused as error:
            raise NotSent(f"nothing can be sent there: {error}") from None
        except TimeoutError:
            raise NotSent(f"it did not answer within {_PATIENCE_S:.0f} seconds") from None
        except (OSError, httpcore.NetworkError, httpcore.ProtocolError, httpcore.TimeoutException):
            raise NotSent("it cannot be reached") from None
        if not 200 <= status < 300:
            raise NotSent(f"it answers {status}", for_good=status == _GONE)

    async def _post(self, url: str, headers: Mapping[str, str], content: bytes) -> int:
        """Give the status; what else is answered is not read."""
        network = PublicNetwork(private=self._private)
        async with (
            httpcore.AsyncConnectionPool(network_backend=network) as pool,
            pool.stream("POST", url, headers=[*headers.items()], content=content) as response,
        ):
            return int(response.status)
