"""A real S3 server on this machine, for tests: moto's, which speaks the protocol and keeps no keys.

It does not check signatures. `stop` and `start` are an outage; what was kept is kept.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.request import Request, urlopen

from moto.s3 import models as s3_models
from moto.server import ThreadedMotoServer

from recorder.s3 import Bucket, S3Objects

BUCKET = "recordings"
PREFIX = "rooms/of the/house"


class S3Server:
    """A server with one bucket."""

    def __init__(self) -> None:
        # Tests send small objects in parts, too.
        vars(s3_models)["S3_UPLOAD_PART_MIN_SIZE"] = 1
        logging.getLogger("werkzeug").setLevel(logging.ERROR)
        self._server = ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
        self._server.start()
        self._port = self._server.get_host_and_port()[1]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    @property
    def bucket(self) -> Bucket:
        return Bucket(
            name=BUCKET,
            prefix=PREFIX,
            endpoint=self.url,
            region="us-east-1",
            access_key="key",
            secret_key="secret",
        )

    def store(self, **options: int) -> S3Objects:
        return S3Objects(self.bucket, **options)

    @contextmanager
    def outage(self) -> Iterator[None]:
        """It cannot be reached until the context ends."""
        self.stop()
        try:
            yield
        finally:
            self.start()

    def stop(self) -> None:
        self._server.stop()

    def start(self) -> None:
        self._server = ThreadedMotoServer("127.0.0.1", port=self._port, verbose=False)
        self._server.start()

    def empty(self) -> None:
        self._post("/moto-api/reset", "POST")
        self._post(f"/{BUCKET}", "PUT")

    def _post(self, path: str, method: str) -> None:
        with urlopen(Request(f"{self.url}{path}", method=method)):
            pass


@contextmanager
def s3_server() -> Iterator[S3Server]:
    """Run a server until the context ends."""
    server = S3Server()
    try:
        server.empty()
        yield server
    finally:
        server.stop()
