"""Prompts as a model was trained to read them, extended and never rewritten."""

import re
from collections.abc import Callable
from itertools import pairwise

from jinja2 import TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

Messages = tuple[tuple[str, str], ...]  # (role, text)
Render = Callable[[Messages, bool], str]

TRIAL: Messages = (
    ("system", "Be brief."),
    ("user", "One."),
    ("assistant", "Two."),
    ("user", "Three."),
    ("assistant", "Four."),
)


class ChatTemplate:
    """Renders with the model's template where that is append-only, else as ChatML.

    Templates of thinking models rewrite earlier turns, and some refuse a system message; both would
    throw away the cache with every turn. Text of control tokens inside a message is taken out, so
    that what a person says can never end their turn or begin another role's.
    """

    def __init__(self, source: str | None, control_texts: tuple[str, ...]) -> None:
        self._control = control_pattern(control_texts)
        own = compiled(source) if source else None
        self._render = own if own is not None and is_append_only(own) else render_chatml

    def prompt(self, messages: Messages, *, open_reply: bool) -> str:
        clean = tuple((role, self._control.sub(" ", text)) for role, text in messages)
        return self._render(clean, open_reply)


def control_pattern(texts: tuple[str, ...]) -> re.Pattern[str]:
    known = [re.escape(text) for text in sorted(texts, key=len, reverse=True) if len(text) > 1]
    return re.compile("|".join([*known, r"<\|[^|<>]{1,64}\|>"]))


def compiled(source: str) -> Render | None:
    environment = ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True)
    environment.globals["raise_exception"] = refuse
    try:
        template = environment.from_string(source)
    except TemplateError:
        return None

    def render(messages: Messages, open_reply: bool) -> str:
        shown = [{"role": role, "content": text} for role, text in messages]
        return template.render(
            messages=shown, add_generation_prompt=open_reply, bos_token="", eos_token="", tools=None
        )

    return render


def refuse(reason: str) -> None:
    """What templates call when they cannot render a conversation."""
    raise TemplateError(reason)


def is_append_only(render: Render) -> bool:
    """Whether each longer conversation extends the shorter one, and a reply its open prompt."""
    try:
        shown = [render(TRIAL[:count], False) for count in range(1, len(TRIAL) + 1)]
        opened = [render(TRIAL[:count], True) for count in (2, 4)]
        reminded = render(TRIAL[:4], False)
    except (TemplateError, TypeError):
        return False
    grows = all(longer.startswith(shorter) for shorter, longer in pairwise(shown))
    answers = all(
        longer.startswith(prompt) for prompt, longer in zip(opened, shown[2::2], strict=True)
    )
    return grows and answers and opened[1].startswith(reminded)


def render_chatml(messages: Messages, open_reply: bool) -> str:
    told = "".join(f"<|im_start|>{role}\n{text}<|im_end|>\n" for role, text in messages)
    return told + "<|im_start|>assistant\n" if open_reply else told
