"""Chat templates: the model's own where it only ever appends, else ChatML; and nothing injected."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from vivavoce.engines.chat_template import ChatTemplate

CONTROL = ("<|im_start|>", "<|im_end|>", "<|endoftext|>", "[INST]", "[/INST]", "</s>")
OWN = (
    "{% for m in messages %}[INST]{{ m.role }}: {{ m.content }}[/INST]{% endfor %}"
    "{% if add_generation_prompt %}[INST]assistant: {% endif %}"
)
REWRITING = (
    "{% for m in messages %}{% if loop.last or m.role != 'assistant' %}"
    "[INST]{{ m.role }}: {{ m.content }}[/INST]{% endif %}{% endfor %}"
)
NO_SYSTEM = "{% if messages[0].role == 'system' %}{{ raise_exception('no') }}{% endif %}"
CONVERSATION = (("system", "Be kind."), ("user", "Hello"), ("assistant", "Welcome"))


def test_the_models_own_template_is_used_when_it_appends() -> None:
    prompt = ChatTemplate(OWN, CONTROL).prompt(CONVERSATION, open_reply=True)
    assert prompt.startswith("[INST]system: Be kind.[/INST]")
    assert prompt.endswith("[INST]assistant: ")


@pytest.mark.parametrize(
    "source",
    [None, REWRITING, NO_SYSTEM, "{% broken", "{{ ''.__class__.__mro__ }}", "{{ missing.x.y }}"],
    ids=["none", "rewrites earlier turns", "refuses a system message", "broken", "unsafe", "odd"],
)
def test_any_other_template_gives_way_to_chatml(source: str | None) -> None:
    prompt = ChatTemplate(source, CONTROL).prompt(CONVERSATION, open_reply=True)
    assert prompt == (
        "<|im_start|>system\nBe kind.<|im_end|>\n<|im_start|>user\nHello<|im_end|>\n"
        "<|im_start|>assistant\nWelcome<|im_end|>\n<|im_start|>assistant\n"
    )


@pytest.mark.parametrize("source", [None, OWN])
@given(st.lists(st.tuples(st.sampled_from(["user", "assistant"]), st.text()), min_size=1))
def test_a_longer_conversation_extends_the_shorter_one(
    source: str | None, turns: list[tuple[str, str]]
) -> None:
    template = ChatTemplate(source, CONTROL)
    longer = template.prompt(tuple(turns), open_reply=True)
    assert longer.startswith(template.prompt(tuple(turns[:-1]), open_reply=False))


@given(st.lists(st.sampled_from([*CONTROL, "<|", "|>", "im_end", "a", " "])).map("".join))
def test_nobody_can_end_their_turn_or_speak_as_another_role(text: str) -> None:
    prompt = ChatTemplate(None, CONTROL).prompt((("user", text),), open_reply=False)
    assert prompt.count("<|im_start|>") == 1
    assert prompt.count("<|im_end|>") == 1
