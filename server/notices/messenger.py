"""What sends a text message: the port that a real or a stand-in messenger fills. Pure."""

from __future__ import annotations

from typing import Protocol


class NotSent(Exception):
    """The message did not go out, as far as one knows. `code` says why in a word or in the provider's number.

    `is_passing`: the same try may succeed later. Neither code nor message holds the customer's number or the text.
    """

    def __init__(self, code: str, *, is_passing: bool) -> None:
        super().__init__(code)
        self.code = code
        self.is_passing = is_passing


class Messenger(Protocol):
    """Sends one text message. Blocks for some seconds at most: not for the hub nor the loop."""

    def send(self, to: str, text: str) -> str:
        """Hand over `text` for `to` (E.164) and answer the provider's id of it. Raises NotSent."""
        ...
