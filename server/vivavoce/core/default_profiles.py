"""The three interviewers that a new organization starts with.

Anchors describe what was said, never how it sounded: level 1 is what a weak answer contains, level
5 what
an outstanding one contains, so that two readers of one transcript land on the same level.
"""

from vivavoce.core.agent_profile import (
    AgentProfile,
    Difficulty,
    Dimension,
    Interaction,
    ProbingDepth,
    ProfileContext,
    Style,
    Tone,
    UseCase,
)

_GENERAL_DIMENSIONS = (
    Dimension(
        "Relevant experience",
        "How closely what the candidate has done matches what the role asks for.",
        30,
        (
            "Names no work that resembles the role, or only repeats its title.",
            "Names related work in general terms; their own part in it stays unclear.",
            "Describes one comparable piece of work and their own part in it.",
            "Describes several comparable pieces of work with their own part, scope and outcome.",
            "Adds what was hardest, what they decided, and how that carries over to this role.",
        ),
    ),
    Dimension(
        "Problem solving",
        "How the candidate understands a problem, weighs options and arrives at a decision.",
        25,
        (
            "States an outcome without any problem, step or reason.",
            "Describes steps taken, but not why these and not others.",
            "Explains the problem, the step chosen and one reason for it.",
            "Compares options, says what decided between them and what came of it.",
            "Also says what was uncertain, how it was checked, and what they would now do"
            " otherwise.",
        ),
    ),
    Dimension(
        "Collaboration",
        "How the candidate works with others, including when people disagree.",
        20,
        (
            "Speaks of others only as an obstacle, or not at all.",
            "Says that they work well with others, without an occasion.",
            "Describes one occasion of shared work and what they contributed.",
            "Describes a disagreement, the other view, and how the two came to a decision.",
            "Also shows how their own view or behaviour changed, and how the relation held.",
        ),
    ),
    Dimension(
        "Clarity",
        "Whether the answers address the question and can be followed, whatever the language"
        " level.",
        15,
        (
            "Does not address the questions, even after they are repeated.",
            "Addresses parts of the questions; a listener has to guess the connection.",
            "Answers the questions; the main point can be stated after one hearing.",
            "Leads with the point, supports it in order and stays with the question.",
            "Also fits the detail to the listener and marks what is fact and what is opinion.",
        ),
    ),
    Dimension(
        "Motivation for the role",
        "What draws the candidate to this work, as far as they give reasons for it.",
        10,
        (
            "Gives no reason for wanting this work.",
            "Gives a reason that would fit any job.",
            "Names something particular to this role and why it matters to them.",
            "Connects the role to earlier choices or work of their own.",
            "Also names what will be hard about it for them and how they would meet that.",
        ),
    ),
)

_ENGINEERING_DIMENSIONS = (
    Dimension(
        "Technical depth",
        "How well the candidate understands the technology that they say they have worked with.",
        30,
        (
            "Names technologies without saying what they do or how they were used.",
            "Describes use from the outside; cannot say what happens underneath when asked.",
            "Explains correctly how one central part works and how they used it.",
            "Explains limits, failure modes or costs that they met in their own work.",
            "Reasons from first principles to a consequence that is not obvious, and is right.",
        ),
    ),
    Dimension(
        "System design",
        "How the candidate shapes a system and weighs its trade-offs.",
        25,
        (
            "Lists components without saying what each is for.",
            "Describes one design as given, without an alternative or a limit.",
            "Describes a design, what it had to satisfy and one trade-off that was made.",
            "Compares designs by load, consistency, cost or change, and says what decided.",
            "Also says how the design failed or aged, and how it could be changed while running.",
        ),
    ),
    Dimension(
        "Debugging and reliability",
        "How the candidate finds causes and keeps systems working.",
        20,
        (
            "Describes a fault only by its symptom.",
            "Describes trying changes until the symptom went away.",
            "Describes narrowing a fault down with evidence to its cause.",
            "Also describes what was measured, and what keeps the fault from returning.",
            "Also shows how the team learned from it, and what else that class of fault reached.",
        ),
    ),
    Dimension(
        "Engineering judgement",
        "Deciding what is worth building, testing, postponing or leaving out.",
        15,
        (
            "Gives no decision of their own.",
            "Names a decision that followed a rule or a habit, without its reason.",
            "Names a decision, its reason and its cost.",
            "Weighs the effect on users, time and later change, and says what was left out.",
            "Also revisits a decision that proved wrong and says what would have shown it earlier.",
        ),
    ),
    Dimension(
        "Explaining to others",
        "Making technical work understandable to the person who listens.",
        10,
        (
            "Uses terms without meaning, even after being asked.",
            "Explains only when asked twice, and then in further terms.",
            "Explains one idea so that a colleague from another team could follow.",
            "Chooses an example or comparison that fits, and says where it ends.",
            "Also tells what a decision meant for people who do not build software.",
        ),
    ),
)

_PEOPLE_DIMENSIONS = (
    Dimension(
        "Understanding people's needs",
        "Finding out what a customer or guest really needs before acting.",
        30,
        (
            "Acts on the first words that were said, or speaks only of procedure.",
            "Says that listening matters, without an occasion.",
            "Describes asking and finding a need that had not been said at first.",
            "Describes how the finding changed what they did, and how the person responded.",
            "Also describes recognising the need of somebody who could not or would not say it.",
        ),
    ),
    Dimension(
        "Handling difficult moments",
        "Staying useful and respectful when somebody is angry, anxious or wrong.",
        25,
        (
            "Describes arguing, giving in or passing the person on, and nothing else.",
            "Describes staying calm, but not what that did for the person.",
            "Describes an occasion, what they said or did, and how it ended.",
            "Also describes the other's point of view, and a limit that they kept with respect.",
            "Also describes what they changed afterwards so that it need not happen again.",
        ),
    ),
    Dimension(
        "Ownership",
        "Carrying a matter through until it is settled.",
        25,
        (
            "Names only what others should have done.",
            "Names a task done as told, without knowing what became of it.",
            "Describes following one matter to its end.",
            "Describes noticing what nobody had assigned, and settling it with the right people.",
            "Also describes admitting a mistake of their own and making it good unasked.",
        ),
    ),
    Dimension(
        "Clear and fitting language",
        "Saying things so that this person, in this moment, can take them in.",
        20,
        (
            "Gives no idea of what they would say to the person.",
            "Gives set phrases that would be said to anybody.",
            "Gives words of their own that the person could act on.",
            "Fits words and order to the person's situation and checks that they arrived.",
            "Also says a hard thing plainly and kindly, and offers what can be done next.",
        ),
    ),
)

_GENERAL = AgentProfile(
    id="",
    name="Structured hiring interviewer",
    persona=(
        "Maya, a calm and attentive interviewer. She says what the conversation is about, asks"
        " every"
        " candidate the same questions in the same order, and gives time to think. When an answer"
        " stays general she asks for one real occasion: what the situation was, what the"
        " candidate did,"
        " and what came of it. She never hints at the answer she would like to hear."
    ),
    use_case=UseCase.HIRING,
    dimensions=_GENERAL_DIMENSIONS,
    interaction=Interaction(
        Tone.FRIENDLY, Style.STRUCTURED, Difficulty.MEDIUM, ProbingDepth.MEDIUM
    ),
    context=ProfileContext(scenario="A first interview for a position of any kind."),
)

_ENGINEERING = AgentProfile(
    id="",
    name="Engineering interviewer",
    persona=(
        "Daniel, an engineer who has built and run systems for many years and is curious about how"
        " others do it. He asks about work that the candidate really did, follows one thread"
        " until the"
        " reasons are on the table, and prefers an honest 'I do not know' to a guess. He treats"
        " every"
        " technology as a fair choice and asks what it cost."
    ),
    use_case=UseCase.HIRING,
    dimensions=_ENGINEERING_DIMENSIONS,
    interaction=Interaction(
        Tone.PROFESSIONAL, Style.STRUCTURED, Difficulty.ADAPTIVE, ProbingDepth.HIGH
    ),
    context=ProfileContext(
        domain="Software, data and infrastructure work.",
        scenario="A conversation about the candidate's own technical work; no code is written.",
    ),
)

_PEOPLE = AgentProfile(
    id="",
    name="Customer and people interviewer",
    persona=(
        "Sofia, who led service teams and knows how much a good minute can do for somebody. She is"
        " warm, speaks plainly and asks for real moments with real people: what was said, what the"
        " candidate noticed, what they did next. She knows that good service has many styles and"
        " values what helped the person over a polished phrase."
    ),
    use_case=UseCase.HIRING,
    dimensions=_PEOPLE_DIMENSIONS,
    interaction=Interaction(
        Tone.FRIENDLY, Style.CONVERSATIONAL, Difficulty.MEDIUM, ProbingDepth.MEDIUM
    ),
    context=ProfileContext(
        domain="Service, sales, care, hospitality and support.",
        scenario="A first interview for work with customers, guests, patients or colleagues.",
    ),
)

DEFAULT_PROFILES = (_GENERAL, _ENGINEERING, _PEOPLE)
