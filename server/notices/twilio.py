"""Text messages through Twilio's REST API. https://www.twilio.com/docs/messaging/api/message-resource"""

from __future__ import annotations

from requests import RequestException, Timeout
from twilio.base.exceptions import TwilioException
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

from server.notices.messenger import NotSent

TIMEOUT_S = 10.0
"""To connect, and between two signs of an answer."""

PASSING_STATUSES = (408, 429)
"""Of the statuses that blame the request: took too long, and too many at once."""

CODE_LENGTH = 64


class TwilioMessenger:
    """Sends as `sender`: a number, an alphanumeric name, or the Messaging Service of that SID."""

    def __init__(
        self, account_sid: str, auth_token: str, sender: str, endpoint: str = "", *, timeout_s: float = TIMEOUT_S
    ) -> None:
        # Given an environment of its own, the client does not look into the process's.
        own = {"TWILIO_REGION": ""}
        http = TwilioHttpClient(timeout=timeout_s)
        self._client = Client(account_sid, auth_token, http_client=http, environment=own)
        if endpoint:
            self._client.api.base_url = endpoint
        is_service = sender.startswith("MG") and len(sender) == 34
        self._sender = {"messaging_service_sid": sender} if is_service else {"from_": sender}

    def send(self, to: str, text: str) -> str:
        """Raises NotSent. An answer that cannot be read counts as none: it may have come from a proxy."""
        try:
            sid = self._client.messages.create(to=to, body=text, **self._sender).sid
        except TwilioException as error:
            raise _refused(error) from None  # its message may name the customer's number
        except Timeout:
            raise NotSent("timeout", is_passing=True) from None
        except RequestException:
            raise NotSent("no_answer", is_passing=True) from None
        except (ValueError, TypeError, AttributeError):
            raise NotSent("unreadable", is_passing=True) from None
        if not isinstance(sid, str) or not sid:
            raise NotSent("unreadable", is_passing=True)
        return sid[:CODE_LENGTH]


def _refused(error: TwilioException) -> NotSent:
    """The status decides: Twilio warns that its error codes change, so they only serve to be shown."""
    status, code = getattr(error, "status", 0), getattr(error, "code", None)
    is_told = isinstance(code, int) and code != status
    is_final = 400 <= status < 500 and status not in PASSING_STATUSES
    return NotSent(str(code) if is_told else f"http_{status}", is_passing=not is_final)
