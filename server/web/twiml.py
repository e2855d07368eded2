"""What Twilio is told to do with a call, by Twilio's own classes.

These sentences are spoken by Twilio's voice: they must work when this server does not.
"""

from __future__ import annotations

from twilio.twiml.voice_response import Connect, VoiceResponse

_VOICE = {"language": "he-IL", "voice": "Google.he-IL-Wavenet-A"}
_TROUBLE = "סליחה, יש לנו תקלה קטנה."
_MESSAGE = "אפשר להשאיר הודעה אחרי הצליל, ונחזור אליכם."
_BUSY = "כל הקווים תפוסים כרגע."
_TRANSFER = "רגע, מעבירים אתכם."
_NO_ANSWER = "אין מענה כרגע."
_THANKS = "תודה, להתראות."
_RING_S = 20
_MESSAGE_S = 120

# Where Twilio goes on, relative to the webhook that gave the verb.
_AFTER_STREAM = "after-stream"
_AFTER_DIAL = "after-dial"
_AFTER_MESSAGE = "message"


def stream(media_url: str, webhooks_url: str, token: str, transfer_number: str | None) -> str:
    """Connect the call to the media stream; the verbs after it are the net when the stream cannot be had."""
    response = VoiceResponse()
    connect = Connect(action=f"{webhooks_url}/{_AFTER_STREAM}", method="POST")
    connect.stream(url=media_url).parameter(name="token", value=token)
    response.append(connect)
    _net(response, transfer_number)
    return str(response)


def net(transfer_number: str | None) -> str:
    """Our side is in trouble: a human, or else a message."""
    response = VoiceResponse()
    _net(response, transfer_number)
    return str(response)


def busy() -> str:
    response = VoiceResponse()
    response.say(_BUSY, **_VOICE)
    _take_message(response)
    return str(response)


def transfer(number: str) -> str:
    """Put the caller through; `after-dial` decides what follows."""
    response = VoiceResponse()
    response.say(_TRANSFER, **_VOICE)
    response.dial(number, timeout=_RING_S, action=_AFTER_DIAL)
    return str(response)


def no_answer() -> str:
    """Nobody picked up where the caller was put through to."""
    response = VoiceResponse()
    response.say(_NO_ANSWER, **_VOICE)
    _take_message(response)
    return str(response)


def thanks() -> str:
    """A message has been left."""
    response = VoiceResponse()
    response.say(_THANKS, **_VOICE)
    response.hangup()
    return str(response)


def hang_up() -> str:
    response = VoiceResponse()
    response.hangup()
    return str(response)


def reject() -> str:
    response = VoiceResponse()
    response.reject()
    return str(response)


def _net(response: VoiceResponse, transfer_number: str | None) -> None:
    response.say(_TROUBLE, **_VOICE)
    if transfer_number:
        response.dial(transfer_number, timeout=_RING_S, action=_AFTER_DIAL)
    else:
        _take_message(response)


def _take_message(response: VoiceResponse) -> None:
    response.say(_MESSAGE, **_VOICE)
    response.record(max_length=_MESSAGE_S, play_beep=True, action=_AFTER_MESSAGE)
    response.hangup()  # nothing was recorded
