"""The near end: one request at a time over HTTP, which can be given up at any moment."""

from __future__ import annotations

import http.client
import threading
import uuid

from riffsynth.diffusion.request import ClipRequest
from riffsynth.errors import RiffsynthError
from riffsynth.remote.address import checked_address
from riffsynth.remote.wire import LARGEST_BODY, FarModel, WireError, packed_request, unpacked_clip, unpacked_model
from riffsynth.spectrogram.clip import Clip

CONNECT_S = 3.0
ANSWER_S = 120.0
INSTRUMENT = "X-Instrument"


class Unreachable(RiffsynthError):
    """Nobody answers there, or not as riffsynth does; another request may find it otherwise."""


class Refused(RiffsynthError):
    """The far end has understood and said no; the message is its own."""


class Connection:
    """Talks to one address such as http://host:3013. Its methods wait; `give_up` ends them from another thread."""

    def __init__(self, address: str, token: str | None = None) -> None:
        """Raises RiffsynthError for what is no such address."""
        self.address = address
        self._parts = checked_address(address)
        self._headers = {INSTRUMENT: uuid.uuid4().hex, **({"Authorization": f"Bearer {token}"} if token else {})}
        self._asked: http.client.HTTPConnection | None = None
        """The one on which a clip is on its way."""
        self._lock = threading.Lock()

    def model(self) -> FarModel:
        """Raises Unreachable or Refused."""
        body = self._exchange("GET", "/model", None, CONNECT_S)
        try:
            return unpacked_model(body)
        except WireError as error:
            raise Unreachable(f"{self.address} does not answer as riffsynth does") from error

    def clip(self, request: ClipRequest) -> Clip:
        """Raises Unreachable or Refused."""
        body = self._exchange("POST", "/clips", packed_request(request), ANSWER_S)
        try:
            return unpacked_clip(body, request)
        except WireError as error:
            raise Unreachable(f"{self.address} does not answer as riffsynth does ({error})") from error

    def give_up(self) -> None:
        """Hangs up on the clip that is on its way: the far end abandons it."""
        with self._lock:
            if self._asked and self._asked.sock:
                self._asked.sock.shutdown(2)

    def _exchange(self, method: str, path: str, body: bytes | None, timeout_s: float) -> bytes:
        kind = http.client.HTTPSConnection if self._parts.scheme == "https" else http.client.HTTPConnection
        connection = kind(self._parts.hostname or "", self._parts.port, timeout=CONNECT_S)
        if body:
            with self._lock:
                self._asked = connection
        try:
            connection.connect()
            connection.sock.settimeout(timeout_s)
            connection.request(method, self._parts.path.rstrip("/") + path, body, self._headers)
            response = connection.getresponse()
            content = response.read(LARGEST_BODY + 1)
        except (OSError, http.client.HTTPException) as error:
            reason = " ".join(str(error).split()) or type(error).__name__
            raise Unreachable(f"nothing answers at {self.address} ({reason})") from error
        finally:
            with self._lock:
                if self._asked is connection:
                    self._asked = None
            connection.close()
        if response.status == 200 and len(content) <= LARGEST_BODY:
            return content
        text = content[:300].decode("utf-8", "replace")
        if response.status in (400, 401, 409):
            raise Refused(f"{self.address}: {text}")
        raise Unreachable(f"{self.address} answers {response.status} {text}")
