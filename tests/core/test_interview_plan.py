from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from vivavoce.core.agent_profile import ProbingDepth
from vivavoce.core.errors import Invalid
from vivavoce.core.interview_moves import carrying
from vivavoce.core.interview_plan import (
    Consult,
    InterviewPlan,
    Line,
    Move,
    Phase,
    accept,
    acknowledgement,
    answering,
    begin,
    classify,
    decide,
    fallback,
    fixed_texts,
    is_closed,
    lines_for,
    make_plan,
    microphone_silent,
    nudge,
    opening,
    pausing,
    progress,
    record,
    replay,
    requested,
    split_reply,
    time_left_ms,
    welcome_back,
)
from vivavoce.core.template import Question
from vivavoce.core.transcript import Speaker, Turn, TurnKind

from tests.core.interviews import (
    ENGLISH,
    LANGUAGES,
    QUESTIONS,
    Interview,
    book,
    plan,
    profile,
    template,
)

PLAIN = "We planned the new warehouse together and I kept the list of open points."
UTTERANCES = (
    PLAIN,
    "Short one.",
    "um",
    "yes",
    "no",
    "Could you repeat the question?",
    "I don't understand the question.",
    "Can we skip this one?",
    "Can we go back to the previous question?",
    "Let me think about that.",
    "I'm ready",
    "help me please",
    "I can't hear you",
    "Are you a robot?",
    "Do you mean at work or at home?",
    "How big is the team?",
    "I kept the list. Sorry, what was the question?",
    "Can we stop the interview?",
    "",
)
REPLIES = (
    (Move.PROBE, "What did you do with that list?"),
    (Move.CLARIFY, "Which list do you mean?"),
    (Move.PROBE, QUESTIONS[1].text),
    (Move.PROBE, ""),
    (Move.NEXT, ""),
    (Move.ANSWER, "The team has nine people."),
    (Move.ANSWER, "You will earn 90000 in Paris."),
    (Move.CLOSE, ""),
    (Move.SKIP, ""),
)
BUTTONS = ("repeat", "rephrase", "skip", "back", "hold", "resume", "help")
steps = st.lists(
    st.tuples(st.sampled_from(UTTERANCES), st.sampled_from(REPLIES), st.sampled_from(BUTTONS)),
    max_size=25,
)
plans = st.builds(
    lambda depth, facts, subset, asking: plan(
        depth,
        approved_facts=facts,
        questions_random_subset=subset,
        questions=(*QUESTIONS, *asking),
    ),
    st.sampled_from(ProbingDepth),
    st.sampled_from(((), ("The team has nine people.",))),
    st.sampled_from((None, 0.4, 0.9)),
    st.sampled_from(((), (Question("ask", "Your turn: any questions?", asks_recruiter=True),))),
)


unhurried = settings(deadline=None)


def played(plan: InterviewPlan, history: list[tuple[str, tuple[Move, str], str]]) -> Interview:
    interview = Interview.started(plan)
    for utterance, (move, text), button in history:
        outcome = interview.hear(utterance)
        if isinstance(outcome, Consult):
            outcome = lines_for(plan, interview.state, move, text)
        interview.speak(outcome)
        if not is_closed(interview.state):
            interview.speak(requested(plan, interview.state, button))
    return interview


@unhurried
@given(plans, steps)
def test_base_questions_are_asked_as_written_in_order_and_once(
    plan: InterviewPlan, history: list[tuple[str, tuple[Move, str], str]]
) -> None:
    asked = [line for line in played(plan, history).spoken if line.kind is TurnKind.QUESTION]
    texts = [question.text for question in plan.questions]
    assert [line.text for line in asked] == texts[: len(asked)]


@unhurried
@given(plans, steps)
def test_follow_ups_stay_within_the_budget_of_their_question(
    plan: InterviewPlan, history: list[tuple[str, tuple[Move, str], str]]
) -> None:
    spoken = played(plan, history).spoken
    for index, question in enumerate(plan.questions):
        follow_ups = [s for s in spoken if s.kind is TurnKind.FOLLOW_UP and s.question == index]
        assert len(follow_ups) <= question.follow_ups


@unhurried
@given(plans, steps)
def test_any_history_reaches_the_closing_and_nothing_follows_it(
    plan: InterviewPlan, history: list[tuple[str, tuple[Move, str], str]]
) -> None:
    interview = played(plan, history)
    for _ in range(30):
        if is_closed(interview.state):
            break
        interview.answer(PLAIN)
    assert is_closed(interview.state)
    assert [s.kind for s in interview.spoken].count(TurnKind.CLOSING) == 1
    assert interview.spoken[-1].kind is TurnKind.CLOSING


@unhurried
@given(plans, steps)
def test_replaying_the_turns_gives_the_same_state(
    plan: InterviewPlan, history: list[tuple[str, tuple[Move, str], str]]
) -> None:
    interview = played(plan, history)
    assert replay(plan, interview.state.turns) == interview.state


@unhurried
@given(plans, steps, st.sampled_from(("repeat", "rephrase", "hold", "help", "resume")))
def test_asking_for_something_never_uses_up_follow_ups(
    plan: InterviewPlan, history: list[tuple[str, tuple[Move, str], str]], op: str
) -> None:
    interview = played(plan, history)
    before = interview.state
    if not is_closed(before):
        interview.speak(requested(plan, before, op))
        assert interview.state.follow_ups == before.follow_ups
        assert interview.state.answered == before.answered


@unhurried
@given(plans, steps)
def test_the_same_acknowledgement_is_never_said_twice_in_a_row(
    plan: InterviewPlan, history: list[tuple[str, tuple[Move, str], str]]
) -> None:
    said = [s.text for s in played(plan, history).spoken if s.move == "acknowledge"]
    assert all(one != other for one, other in pairwise(said))


def test_the_opening_welcomes_discloses_the_ai_and_asks_the_first_question() -> None:
    lines = opening(plan(), begin(plan()))
    assert [line.move for line in lines] == ["welcome", "disclosure", "next"]
    assert "AI interviewer" in lines[1].text
    assert lines[2].text == QUESTIONS[0].text


def test_own_welcome_and_thanks_are_spoken_as_written() -> None:
    interview = Interview.started(plan(welcome_message="Ahoy.", thank_you_message="Fair winds."))
    for _ in range(12):
        interview.answer(PLAIN)
    assert interview.texts[0] == "Ahoy."
    assert interview.texts[-1] == "Fair winds."


def test_after_a_break_in_the_welcome_only_the_rest_is_said() -> None:
    made = plan()
    welcome = Turn(1, Speaker.INTERVIEWER, TurnKind.WELCOME, made.welcome, 0, 900, move="welcome")
    state = replay(made, [welcome])
    assert [line.move for line in opening(made, state)] == ["disclosure", "next"]
    assert [line.move for line in welcome_back(made, state)] == [
        "welcome_back",
        "disclosure",
        "next",
    ]
    assert welcome_back(made, begin(made)) == opening(made, begin(made))


def test_opening_says_nothing_once_a_question_was_asked() -> None:
    interview = Interview.started(plan())
    assert opening(interview.plan, interview.state) == ()


def test_an_answer_with_budget_left_asks_the_interviewer() -> None:
    interview = Interview.started(plan(ProbingDepth.LOW))
    outcome = interview.hear(PLAIN)
    assert isinstance(outcome, Consult)
    situation = outcome.situation
    assert situation.answer == PLAIN
    assert situation.question == QUESTIONS[0].text
    assert situation.allowed == {Move.PROBE, Move.CLARIFY, Move.NEXT}
    assert situation.follow_ups_left == 1
    assert situation.agenda[1] == (QUESTIONS[1].text, ("setting priorities",))
    assert len(situation.agenda) == 3
    assert all(turn.text != PLAIN for turn in situation.turns)


def test_a_used_up_budget_moves_on_with_an_acknowledgement() -> None:
    interview = Interview.started(plan(ProbingDepth.LOW))
    interview.hear(PLAIN)
    lines = lines_for(interview.plan, interview.state, Move.PROBE, "Whose idea was that?")
    assert interview.speak(lines) == (
        Line(TurnKind.FOLLOW_UP, "Whose idea was that?", 0, "probe", fixed=False),
    )
    outcome = interview.hear(PLAIN)
    assert isinstance(outcome, tuple)
    assert [line.kind for line in outcome] == [TurnKind.ACKNOWLEDGEMENT, TurnKind.QUESTION]
    assert outcome[1].text == QUESTIONS[1].text


def test_an_acknowledgement_that_was_already_spoken_is_not_doubled() -> None:
    interview = Interview.started(plan())
    interview.hear(PLAIN)
    interview.speak((acknowledgement(interview.plan, interview.state),))
    lines = lines_for(interview.plan, interview.state, Move.NEXT, "")
    assert [line.kind for line in lines] == [TurnKind.QUESTION]


def test_a_request_after_an_answer_keeps_the_answer() -> None:
    interview = Interview.started(plan())
    said = "I kept the list. Sorry, what was the question?"
    assert classify(interview.plan, interview.state, said) == (TurnKind.ANSWER, "repeat")
    assert interview.answer(said)[-1].text == QUESTIONS[0].text


@pytest.mark.parametrize(
    ("said", "kind", "move"),
    [
        ("Could you repeat that please?", TurnKind.REPEAT, "repeat"),
        ("I don't understand the question", TurnKind.REPHRASE, "rephrase"),
        ("can we skip that one", TurnKind.ACKNOWLEDGEMENT, "skip"),
        ("let me think for a moment", TurnKind.ACKNOWLEDGEMENT, "hold"),
        ("I can't hear you", TurnKind.ACKNOWLEDGEMENT, "trouble"),
        ("are you a real person", TurnKind.REPLY, "robot"),
        ("Do you mean at work?", TurnKind.ACKNOWLEDGEMENT, "your_choice"),
        ("um", TurnKind.NUDGE, "nudge"),
        ("go back please", TurnKind.ACKNOWLEDGEMENT, "back"),
        ("I want to stop the interview", TurnKind.ACKNOWLEDGEMENT, "confirm_end"),
        ("How much is the salary?", TurnKind.REPLY, "pass_on"),
    ],
)
def test_a_spoken_request_is_met_without_a_model(said: str, kind: TurnKind, move: str) -> None:
    interview = Interview.started(plan())
    first = interview.answer(said)[0]
    assert (first.kind, first.move) == (kind, move)


def test_ending_is_asked_back_once() -> None:
    interview = Interview.started(plan())
    interview.answer("Can we stop the interview?")
    assert interview.answer("no") == (
        Line(TurnKind.ACKNOWLEDGEMENT, interview.texts[-1], None, "resume"),
    )
    interview.answer("Can we stop the interview?")
    assert interview.answer("Yes")[0].kind is TurnKind.CLOSING


def test_yes_to_the_offer_of_a_repeat_repeats() -> None:
    interview = Interview.started(plan())
    interview.speak(nudge(interview.plan, interview.state, 2))
    assert interview.answer("Yes please")[-1].text == QUESTIONS[0].text


def test_going_back_and_on_again_leaves_no_question_out() -> None:
    interview = Interview.started(plan())
    interview.answer(PLAIN)
    back = interview.answer("Could we go back to the previous question?")
    assert back[-1].text == QUESTIONS[0].text
    assert interview.state.current == 0
    assert interview.answer(PLAIN)[-1].text == QUESTIONS[2].text


def test_the_first_question_has_nothing_before_it() -> None:
    interview = Interview.started(plan())
    assert interview.answer("go back please")[-1].text == QUESTIONS[0].text


def test_skipping_is_recorded_as_no_answer() -> None:
    interview = Interview.started(plan())
    interview.answer("skip this question please")
    assert interview.state.answered == frozenset()
    assert interview.state.current == 1
    interview.answer(PLAIN)
    assert interview.state.answered == {1}


def test_i_already_answered_moves_on_without_calling_it_a_skip() -> None:
    interview = Interview.started(plan())
    interview.hear(PLAIN)
    lines = interview.answer("I already answered that")
    assert [line.move for line in lines] == ["acknowledge", "next"]


def test_a_question_cut_off_early_is_asked_again_and_the_words_belong_to_the_one_before() -> None:
    interview = Interview.started(plan(ProbingDepth.LOW))
    interview.answer(PLAIN)
    made, turns = interview.plan, interview.state.turns
    cut = replace(turns[-1], text="How do", interrupted=True)
    state = replay(made, (*turns[:-1], cut))
    assert answering(state) == 0
    lines = decide(made, state, "And I also led the tests.", 60_000)
    assert isinstance(lines, tuple)
    assert [(s.kind, s.text) for s in lines] == [(TurnKind.REPEAT, QUESTIONS[1].text)]
    heard = Turn(len(turns) + 1, Speaker.INTERVIEWER, TurnKind.REPEAT, "…", 0, 1, question=1)
    assert answering(record(made, state, heard)) == 1


def test_an_interrupted_follow_up_is_repeated_as_the_base_question() -> None:
    interview = Interview.started(plan())
    cut = Turn(9, Speaker.INTERVIEWER, TurnKind.FOLLOW_UP, "What", 0, 9, interrupted=True)
    state = record(interview.plan, interview.state, cut)
    assert requested(interview.plan, state, "repeat")[-1].text == QUESTIONS[0].text


def test_what_is_repeated_is_what_was_asked_last() -> None:
    interview = Interview.started(plan())
    interview.hear(PLAIN)
    interview.speak(
        lines_for(interview.plan, interview.state, Move.CLARIFY, "There are many. Which list?")
    )
    assert requested(interview.plan, interview.state, "repeat")[-1].text.endswith("Which list?")
    rephrased = requested(interview.plan, interview.state, "rephrase")
    assert rephrased[1] == Line(TurnKind.REPHRASE, "Which list?", 0, "rephrase", fixed=False)


def test_unasked_repetition_and_promises_are_refused() -> None:
    interview = Interview.started(plan())
    interview.hear(PLAIN)
    made, state = interview.plan, interview.state
    assert accept(made, state, Move.PROBE, "What was hard about it?")
    assert not accept(made, state, Move.PROBE, QUESTIONS[0].text)
    assert not accept(made, state, Move.PROBE, "So, how do you plan your working week?")
    assert not accept(made, state, Move.PROBE, "Tell me about a project that you")
    assert not accept(made, state, Move.PROBE, "You passed! What else?")
    assert not accept(made, state, Move.PROBE, "why " * 61)
    assert not accept(made, state, Move.SKIP, "")
    assert lines_for(made, state, Move.PROBE, QUESTIONS[0].text) == fallback(made, state)


def test_a_candidates_question_is_answered_from_approved_facts_alone() -> None:
    interview = Interview.started(plan(approved_facts=("The team has nine people.",)))
    outcome = interview.hear("How big is the team?")
    assert isinstance(outcome, Consult)
    assert outcome.situation.allowed == {Move.ANSWER}
    made, state = interview.plan, interview.state
    told = lines_for(made, state, Move.ANSWER, "The team has nine people.")
    assert [line.move for line in told] == ["answer", "return", "repeat"]
    for invented in ("Everybody gets a company car.", "There are 12 people.", "", "You passed."):
        assert lines_for(made, state, Move.ANSWER, invented)[0].move == "pass_on"


def test_at_the_end_the_candidate_may_ask_twice() -> None:
    interview = Interview.started(plan(questions=QUESTIONS[:1], approved_facts=("Nine people.",)))
    interview.answer(PLAIN)
    assert interview.state.phase is Phase.CANDIDATE_QUESTIONS
    assert interview.answer("yes")[0].move == "resume"
    first = interview.answer("How big is the team")
    assert [line.move for line in first] == ["pass_on", "anything_else"]
    second = interview.answer("and the holidays")
    assert [line.move for line in second] == ["pass_on", "close"]
    assert interview.hear("thank you") == ()


@pytest.mark.parametrize("said", ["No, thank you.", "That's all from me", "skip"])
def test_without_a_question_of_the_candidate_the_interview_closes(said: str) -> None:
    interview = Interview.started(plan(questions=QUESTIONS[:1]))
    interview.answer(PLAIN)
    assert interview.answer(said)[-1].kind is TurnKind.CLOSING


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_interview_in_any_language_runs_from_welcome_to_closing(language: str) -> None:
    made = make_plan(template(language=language), profile(), book(language), "session-1")
    interview = Interview.started(made)
    for button in BUTTONS:
        interview.speak(requested(made, interview.state, button))
    for _ in range(12):
        interview.answer("7 1 9 4 2 8 3 5 6 7 1 9 4 2 8 3 5 6")
    assert is_closed(interview.state)
    assert interview.texts[0] in book(language).welcome
    assert interview.texts[-1] in book(language).closing


def test_without_patterns_a_brief_word_ends_the_candidates_questions() -> None:
    wordless = replace(ENGLISH, requests=())
    made = make_plan(template(questions=QUESTIONS[:1]), profile(), wordless, "session-1")
    interview = Interview.started(made)
    interview.answer(PLAIN)
    assert interview.answer("nope")[-1].kind is TurnKind.CLOSING


def test_an_invitation_of_the_template_replaces_the_plans_own() -> None:
    ask = Question("ask", "Now you: what would you like to know?", asks_recruiter=True)
    made = plan(questions=(QUESTIONS[0], ask))
    assert [question.text for question in made.questions] == [QUESTIONS[0].text, ask.text]
    interview = Interview.started(made)
    assert interview.answer(PLAIN)[-1].question == 1
    assert progress(made, interview.state) == (1, 1)


def test_a_conditional_question_waits_for_its_answer() -> None:
    extra = Question("q1b", "What came after it?", condition_question_id="q1")
    made = plan(ProbingDepth.LOW, questions=(QUESTIONS[0], extra, QUESTIONS[1]))
    answered, skipped = Interview.started(made), Interview.started(made)
    assert answered.answer(PLAIN)[-1].text == extra.text
    assert skipped.answer("skip this one")[-1].text == QUESTIONS[1].text


def test_a_random_subset_is_stable_for_a_session_and_keeps_the_order() -> None:
    many = tuple(Question(f"q{n}", f"Question number {n}?") for n in range(10))
    made = [
        make_plan(
            template(questions=many, questions_random_subset=0.5),
            profile(),
            ENGLISH,
            f"session-{n}",
        )
        for n in range(8)
    ]
    drawn = [[q.id for q in p.questions if q.id] for p in made]
    assert all(len(ids) == 5 and ids == sorted(ids) for ids in drawn)
    assert len({tuple(ids) for ids in drawn}) > 1
    assert made[0] == make_plan(
        template(questions=many, questions_random_subset=0.5), profile(), ENGLISH, "session-0"
    )


def test_a_conditional_question_follows_its_main_question_into_the_subset() -> None:
    pairs = tuple(
        question
        for n in range(4)
        for question in (
            Question(f"m{n}", f"Main {n}?"),
            Question(f"c{n}", f"More {n}?", condition_question_id=f"m{n}"),
        )
    )
    made = plan(questions=pairs, questions_random_subset=0.5)
    assert [q.id[1:] for q in made.questions if q.id[:1] == "m"] == [
        q.id[1:] for q in made.questions if q.id[:1] == "c"
    ]


def test_choices_are_read_out_after_the_question() -> None:
    choice = Question("q", "Which shift suits you?", alternatives=("early", "late"))
    lines = opening(plan(questions=(choice,)), begin(plan(questions=(choice,))))
    assert lines[-2].text == choice.text
    assert lines[-1].text == "Your choices are: early; late."


def test_an_unscored_question_is_hardly_probed() -> None:
    unscored = replace(QUESTIONS[0], scored=False, duration_seconds=40)
    made = plan(ProbingDepth.HIGH, questions=(unscored,))
    assert (made.questions[0].follow_ups, made.questions[0].budget_ms) == (1, 40_000)


def test_time_over_leads_to_the_candidates_questions_and_then_the_closing() -> None:
    interview = Interview.started(plan(duration_minutes=1))
    late = interview.hear(PLAIN, took_ms=61_000)
    assert isinstance(late, tuple)
    assert interview.speak(late)[-1].question is None
    assert interview.state.phase is Phase.CANDIDATE_QUESTIONS
    assert time_left_ms(interview.plan, interview.state, 0) == 0
    much_later = interview.hear("How big is the team?", took_ms=40_000)
    assert isinstance(much_later, tuple)
    assert [line.kind for line in much_later] == [TurnKind.CLOSING]


def test_a_question_over_its_own_time_gets_no_follow_up() -> None:
    short = replace(QUESTIONS[0], duration_seconds=20)
    interview = Interview.started(plan(questions=(short, QUESTIONS[1])))
    assert isinstance(interview.hear(PLAIN, took_ms=21_000), tuple)


def test_silence_is_met_with_two_gentle_prompts_and_then_a_pause() -> None:
    interview = Interview.started(plan())
    made, state = interview.plan, interview.state
    assert [len(nudge(made, state, count)) for count in (0, 1, 2, 3)] == [0, 1, 1, 0]
    assert pausing(made, state)[0].move == "pause"
    assert microphone_silent(made)[0].kind is TurnKind.NUDGE


def test_coming_back_repeats_the_open_question() -> None:
    interview = Interview.started(plan())
    lines = welcome_back(interview.plan, interview.state)
    assert [line.kind for line in lines] == [TurnKind.ACKNOWLEDGEMENT, TurnKind.REPEAT]
    assert lines[-1].text == QUESTIONS[0].text


def test_words_before_the_first_question_lead_to_the_rest_of_the_opening() -> None:
    made = plan()
    for said in ("Hi, how are you?", "yes", "Good morning, nice to meet you", "uh"):
        assert decide(made, begin(made), said, 0) == opening(made, begin(made))
        assert classify(made, begin(made), said)[0] is TurnKind.ASIDE
    for op in ("skip", "resume", "help", "repeat", "rephrase", "back"):
        assert requested(made, begin(made), op)[-1].kind is TurnKind.QUESTION
    asked = decide(made, begin(made), "Can I ask you something?", 0)
    assert isinstance(asked, tuple)
    assert asked[0].move == "pass_on"
    assert fallback(made, begin(made)) == opening(made, begin(made))


def test_the_end_button_closes_at_once_and_unknown_buttons_are_refused() -> None:
    interview = Interview.started(plan())
    with pytest.raises(Invalid) as refused:
        requested(interview.plan, interview.state, "dance")
    assert refused.value.code == "unknown_request"
    interview.speak(requested(interview.plan, interview.state, "end"))
    made, state = interview.plan, interview.state
    assert is_closed(state)
    assert requested(made, state, "repeat") == ()
    assert lines_for(made, state, Move.NEXT, "") == ()
    assert fallback(made, state) == nudge(made, state, 1) == pausing(made, state) == ()
    assert welcome_back(made, state) == ()


def test_turns_of_another_time_or_kind_do_no_harm() -> None:
    interview = Interview.started(plan())
    state = interview.state
    for turn in (
        Turn(9, Speaker.CANDIDATE, TurnKind.ANSWER, "x", 0, 1, question=99),
        Turn(9, Speaker.INTERVIEWER, TurnKind.NUDGE, "x", 0, 1),
        Turn(9, Speaker.INTERVIEWER, TurnKind.REPEAT, "x", 0, 1),
    ):
        after = record(interview.plan, state, turn)
        assert (after.current, after.answered) == (state.current, state.answered)


def test_every_fixed_text_is_known_ahead_once() -> None:
    interview = Interview.started(plan())
    for _ in range(12):
        interview.answer(PLAIN)
    known = fixed_texts(interview.plan)
    assert len(known) == len(set(known))
    assert {line.text for line in interview.spoken if line.fixed} <= set(known)


@pytest.mark.parametrize(
    ("reply", "move", "text"),
    [
        ("PROBE: Why?", Move.PROBE, "Why?"),
        (" NEXT:", Move.NEXT, ""),
        ("Probe: Why?", Move.PROBE, "Why?"),
        ("[PROBE]: Why?", Move.PROBE, "Why?"),
        ("PROBE - Why?", Move.PROBE, "Why?"),
        ("CLARIFY\nWhy?", Move.CLARIFY, "Why?"),
        ("NEXT", Move.NEXT, ""),
        ('"next."', Move.NEXT, ""),
        ("Why is that?", None, "Why is that?"),
        ("Next, why is that?", None, "Next, why is that?"),
        ("Probe the answer: why?", None, "Probe the answer: why?"),
    ],
)
def test_a_reply_is_read_as_any_chat_model_writes_it(
    reply: str, move: Move | None, text: str
) -> None:
    assert split_reply(reply, complete=True) == (move, text)


def test_a_reply_that_is_being_written_keeps_the_space_before_the_next_word() -> None:
    assert split_reply("PROBE: What ") == (Move.PROBE, "What ")
    assert split_reply("PROBE") == (None, "PROBE")


def test_what_carries_a_turn_is_brief_and_never_what_was_said_last() -> None:
    interview = Interview.started(plan())
    before = ""
    for _ in range(8):
        line = carrying(interview.plan, interview.state)
        assert line.text != before
        assert len(line.text.split()) <= 3
        interview.speak((line,))
        before = line.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_can_ask_for_a_moment(language: str) -> None:
    assert len(set(book(language).one_moment)) >= 2
