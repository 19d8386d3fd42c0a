"""How much of whose prompt the next step of the language model reads.

A step takes as long as it has tokens: on two plain cores about 15 ms for those that are spoken and
5 ms for each token of a prompt. So while somebody waits for the first words of a reply, prompts are
read a few tokens at a time, and nobody's long prompt makes another's reply stutter.
"""

from collections.abc import Sequence
from dataclasses import dataclass

SLICE_TOKENS = 32  # while nobody speaks; somebody who begins to waits for one slice at most
BESIDE_SPEECH_TOKENS = 8  # words come several times faster than they are spoken
BESIDE_FIRST_CLAUSE_TOKENS = 2  # until the first clause is out, each step counts
FIRST_CLAUSE_TOKENS = 16
SHORT_TOKENS = 32  # the end of a prompt that was read along; a moment's work
OLDEST_SHARE = 4  # a fourth of what long prompts get belongs to who waits longest


@dataclass(frozen=True)
class Prompt:
    """`pending` tokens are still to be read; a `reply` follows, or else it is read ahead."""

    number: int  # in order of arrival
    pending: int
    reply: bool


@dataclass(frozen=True)
class Speaking:
    """A reply under way."""

    generated: int


def share_prefill(
    prompts: Sequence[Prompt], speaking: Sequence[Speaking], room: int
) -> dict[int, int]:
    """Tokens of the next step by the numbers of the prompts; `room` is what the batch can hold."""
    shares: dict[int, int] = {}
    left = min(SLICE_TOKENS, room)
    for prompt in sorted(prompts, key=lambda each: each.pending):
        if prompt.reply and prompt.pending <= min(SHORT_TOKENS, left):
            shares[prompt.number] = prompt.pending
            left -= prompt.pending
    long = [prompt for prompt in prompts if prompt.number not in shares]
    beginning = bool(shares) or any(each.generated < FIRST_CLAUSE_TOKENS for each in speaking)
    return shares | _share_slowly(long, min(left, _slice(beginning, bool(speaking))))


def _slice(beginning: bool, speaking: bool) -> int:
    if beginning:
        return BESIDE_FIRST_CLAUSE_TOKENS
    return BESIDE_SPEECH_TOKENS if speaking else SLICE_TOKENS


def _share_slowly(prompts: Sequence[Prompt], budget: int) -> dict[int, int]:
    """Replies first and the nearly finished before the long; but the oldest never stands still."""
    if not prompts or budget <= 0:
        return {}
    oldest = min(prompts, key=lambda each: each.number)
    shares = {oldest.number: min(oldest.pending, -(-budget // OLDEST_SHARE))}
    budget -= shares[oldest.number]
    for prompt in sorted(prompts, key=lambda each: (not each.reply, each.pending)):
        given = shares.get(prompt.number, 0)
        more = min(prompt.pending - given, budget)
        if more > 0:
            shares[prompt.number] = given + more
            budget -= more
    return shares
