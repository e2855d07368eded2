"""A demonstration: start the server, phone it, book, and check that the appointment is in the calendar.

Exits with 0 only if it is.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import secrets
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterable
from typing import Any
from zoneinfo import ZoneInfo

from server.config import BadSettings, Settings, environment_with, load
from server.demo.caller import Caller
from server.demo.lines import ANSWERS, answer_to, opening
from server.hebrew.speak import speak
from server.log import configure
from server.media.tts.embedded import EmbeddedVoice

ZONE = ZoneInfo("Asia/Jerusalem")
SERVICE = "עיסוי שוודי"
START_WAIT_S = 90
TURN_LIMIT = 6

GOODBYE = "זהו, תודה רבה, להתראות."


def main() -> int:
    try:
        settings = load()
    except BadSettings as error:
        print(f"demo: {error}", file=sys.stderr)
        return 2
    configure("WARNING")
    port, token = _free_port(), secrets.token_urlsafe(16)
    server = _Server(f"http://127.0.0.1:{port}", token)
    process = subprocess.Popen([sys.executable, "-m", "server"], env=_environment(port, token))
    try:
        server.wait_until_ready(process)
        return _demonstrate(server, settings)
    finally:
        process.terminate()
        process.wait(20)


class _Server:
    """The running server as its JSON API shows it."""

    def __init__(self, origin: str, token: str) -> None:
        self.origin = origin
        self._token = token

    def get(self, path: str, **query: str) -> Any:
        url = f"{self.origin}{path}?{urllib.parse.urlencode(query)}"
        request = urllib.request.Request(url, headers={"Authorization": f"Bearer {self._token}"})
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)

    def wait_until_ready(self, process: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + START_WAIT_S
        while time.monotonic() < deadline and process.poll() is None:
            try:
                self.get("/readyz")
            except (urllib.error.URLError, OSError):
                time.sleep(0.2)
            else:
                print()
                return
        raise SystemExit("The server did not become ready.")


class _Conversation:
    """One call, printed as it goes."""

    def __init__(self, server: _Server, caller: Caller, sounds: dict[str, bytes]) -> None:
        self._server = server
        self._caller = caller
        self._sounds = sounds
        self._printed = 0

    def say(self, text: str) -> None:
        print(f"  caller  {text}")
        self._caller.says(text, self._sounds[text])
        self._caller.listens()
        self.print_replies()

    def print_replies(self) -> None:
        turns = self.turns()
        for turn in turns[self._printed :]:
            latency = turn["latency_ms"]["turn"]
            print(f"  agent   {turn['agent'] or '…'}{f'   [{latency:.0f} ms]' if latency else ''}")
        self._printed = len(turns)

    def turns(self) -> list[dict[str, Any]]:
        call: dict[str, Any] = self._server.get(f"/api/v1/calls/{self._caller.call_sid}")
        return list(call["turns"])


def _demonstrate(server: _Server, settings: Settings) -> int:
    day = _next_open_day(server)
    words = opening(day, dt.datetime.now(ZONE).date())
    sounds = asyncio.run(_voices((words, *ANSWERS, GOODBYE)))
    auth_token = settings.twilio_auth_token.get_secret_value()
    caller = Caller(server.origin, auth_token=auth_token)
    caller.dials()
    conversation = _Conversation(server, caller, sounds)
    caller.listens()
    conversation.print_replies()
    conversation.say(words)
    appointment = _booked(server, caller, day)
    for _ in range(TURN_LIMIT):
        if appointment:
            break
        conversation.say(answer_to(conversation.turns()[-1]["agent"] or ""))
        appointment = _booked(server, caller, day)
    conversation.say(GOODBYE)
    caller.waits_for_hang_up()
    caller.hangs_up()
    _print_timings(conversation.turns())
    if appointment is None:
        print("\nNo appointment was made.")
        return 1
    print(f"\nIn the calendar: {appointment['service']}, {appointment['starts_at']}, {appointment['customer_name']}.")
    return 0


def _next_open_day(server: _Server) -> dt.date:
    today = dt.datetime.now(ZONE).date()
    query = {"from": str(today + dt.timedelta(1)), "to": str(today + dt.timedelta(14))}
    slots = server.get("/api/v1/slots", service=SERVICE, minutes="60", **query)["items"]
    if not slots:
        raise SystemExit("The calendar is full for a fortnight.")
    return min(dt.datetime.fromisoformat(slot["starts_at"]).date() for slot in slots)


def _booked(server: _Server, caller: Caller, day: dt.date) -> dict[str, Any] | None:
    window = {"from": str(day), "to": str(day + dt.timedelta(30))}
    items: list[dict[str, Any]] = server.get("/api/v1/appointments", **window)["items"]
    return next((item for item in items if item["call_sid"] == caller.call_sid), None)


def _print_timings(turns: list[dict[str, Any]]) -> None:
    print("\n  turn   heard→speech   brain   voice   tools")
    for turn in turns[1:]:
        ms = turn["latency_ms"]
        tools = ", ".join(call["name"].removeprefix("calendar_") for call in turn["tool_calls"])
        figures = "".join(f"{'–' if ms[k] is None else round(ms[k]):>9}" for k in ("turn", "ai", "tts_generation"))
        print(f"  {turn['index']:>4}{figures} ms   {tools}")


async def _voices(lines: Iterable[str]) -> dict[str, bytes]:
    """The caller's lines as sound, by the embedded voice."""
    voice = EmbeddedVoice()
    await voice.start()
    try:
        return {line: b"".join([audio async for audio in voice.synthesise(speak(line))]) for line in lines}
    finally:
        await voice.close()


def _environment(port: int, token: str) -> dict[str, str]:
    """The caller's environment, with a server of its own and ears that may be told what is said."""
    return environment_with(
        host="127.0.0.1",
        port=port,
        public_base_url=f"http://127.0.0.1:{port}",
        admin_api_token=token,
        stt_provider="simulated",
        allow_simulated=1,
        log_level="WARNING",
    )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    sys.exit(main())
