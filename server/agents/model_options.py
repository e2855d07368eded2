"""What a model is asked with beside its input; each may be refused by a server that does not know it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from agents import ModelSettings
from agents.models.default_models import get_default_model_settings

TEMPERATURE = 0.2
OUTPUT_TOKENS = 200

Option = Literal["temperature", "reasoning", "verbosity", "max_tokens"]

OPTIONS: tuple[Option, ...] = ("temperature", "reasoning", "verbosity", "max_tokens")


@dataclass(frozen=True, slots=True)
class ModelOptions:
    """`refused` are options that the server does not take, found out by its answers."""

    model: str = ""
    refused: frozenset[Option] = frozenset()

    def without(self, option: Option) -> ModelOptions:
        return replace(self, refused=self.refused | {option})

    def settings(self, *, must_use_tool: bool) -> ModelSettings:
        """`tool_choice` "required" holds for the first step of a run; after it the SDK lets the model speak.

        A model that can think before it speaks is asked not to, where the SDK knows that it may be: thinking costs
        seconds and the tokens of the answer. One that thinks all the same takes no temperature.
        """
        known = get_default_model_settings(self.model)
        reasoning = None if "reasoning" in self.refused else known.reasoning
        thinks = reasoning is not None and reasoning.effort not in (None, "none")
        is_old_limit = "max_tokens" not in self.refused
        return ModelSettings(
            temperature=None if thinks or "temperature" in self.refused else TEMPERATURE,
            reasoning=reasoning,
            verbosity=None if "verbosity" in self.refused else known.verbosity,
            max_tokens=OUTPUT_TOKENS if is_old_limit else None,
            extra_body=None if is_old_limit else {"max_completion_tokens": OUTPUT_TOKENS},
            parallel_tool_calls=False,
            store=False,
            tool_choice="required" if must_use_tool else None,
        )


def option_named(message: str) -> Option | None:
    """The option that a server's refusal (400) is about, if it is one of ours."""
    return next((option for option in OPTIONS if option in message), None)
