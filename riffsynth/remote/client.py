"""The near end: one request at a time over HTTP, which can be given up at any moment."""

from __future__ import annotations

import contextlib
import http.client
import socket
import threading
import uuid

from riffsynth.diffusion.request import ClipRequest
from riffsynth.errors import RiffsynthError
from riffsynth.remote.address import checked_address
from riffsynth.remote.wire import (
    LARGEST_BODY,
    UNFIT,
    FarModel,
    WireError,
    packed_request,
    unpacked_clip,
    unpacked_model,
    unpacked_unfit,
)
from riffsynth.spectrogram.clip import Clip

CONNECT_S = 3.0
ANSWER_S = 120.0
INSTRUMENT = "X-Instrument"


class Unreachable(RiffsynthError):
    """Nobody answers there, or not as riffsynth does; another request may find it otherwise."""


class Refused(RiffsynthError):
    """The far end has understood and said no; the message is its own."""

    def __init__(self, text: str, unfit: str = "") -> None:
        """`unfit` is the header that says what of the request is at fault."""
        super().__init__(text)
        self.unfit = unfit


class HangUp:
    """Called from another thread, ends the one exchange it is given to, whether that has begun or not."""

    def __init__(self) -> None:
        self._called = False
        self._socket: socket.socket | None = None
        self._lock = threading.Lock()

    def __call__(self) -> None:
        with self._lock:
            self._called = True
            if self._socket:
                with contextlib.suppress(OSError):  # the far end was first
                    self._socket.shutdown(socket.SHUT_RDWR)

    def watch(self, connected: socket.socket | None) -> None:
        """Ends `connected` when called; None lets go. Raises ConnectionAbortedError where it was called before."""
        with self._lock:
            self._socket = connected
            if self._called and connected:
                raise ConnectionAbortedError("given up")


class Connection:
    """Talks to one address such as http://host:3013. Its methods wait."""

    def __init__(self, address: str, token: str | None = None) -> None:
        """Raises RiffsynthError for what is no such address."""
        self.address = address
        self._parts = checked_address(address)
        self._headers = {INSTRUMENT: uuid.uuid4().hex, **({"Authorization": f"Bearer {token}"} if token else {})}

    def model(self) -> FarModel:
        """Raises Unreachable or Refused."""
        body = self._exchange("GET", "/model", None, CONNECT_S, HangUp())
        try:
            return unpacked_model(body)
        except WireError as error:
            raise Unreachable(f"{self.address} does not answer as riffsynth does") from error

    def clip(self, request: ClipRequest, hang_up: HangUp | None = None) -> Clip:
        """Given up with `hang_up`, the far end abandons the clip.

        Raises Unreachable, UnfitFile for a mask or a LoRA that its model cannot use, or Refused.
        """
        try:
            body = self._exchange("POST", "/clips", packed_request(request), ANSWER_S, hang_up or HangUp())
        except Refused as error:
            if error.unfit:
                raise unpacked_unfit(error.unfit, str(error), request) from error
            raise
        try:
            return unpacked_clip(body, request)
        except WireError as error:
            raise Unreachable(f"{self.address} does not answer as riffsynth does ({error})") from error

    def _exchange(self, method: str, path: str, body: bytes | None, timeout_s: float, hang_up: HangUp) -> bytes:
        kind = http.client.HTTPSConnection if self._parts.scheme == "https" else http.client.HTTPConnection
        connection = kind(self._parts.hostname or "", self._parts.port, timeout=CONNECT_S)
        try:
            connection.connect()
            hang_up.watch(connection.sock)  # a request given up by now must not overtake a newer one
            connection.sock.settimeout(timeout_s)
            connection.request(method, self._parts.path.rstrip("/") + path, body, self._headers)
            response = connection.getresponse()
            content = response.read(LARGEST_BODY + 1)
        except (OSError, http.client.HTTPException) as error:
            reason = " ".join(str(error).split()) or type(error).__name__
            raise Unreachable(f"nothing answers at {self.address} ({reason})") from error
        finally:
            hang_up.watch(None)
            connection.close()
        if response.status == 200 and len(content) <= LARGEST_BODY:
            return content
        text = content[:300].decode("utf-8", "replace")
        if response.status in (400, 401, 409):
            raise Refused(f"{self.address}: {text}", response.getheader(UNFIT, ""))
        raise Unreachable(f"{self.address} answers {response.status} {text}")
