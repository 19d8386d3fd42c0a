"""Every knob of an installation, as data: name, default, unit, help.

The environment (`VIVAVOCE_PORT`) wins over `vivavoce.toml` (`port`), which wins over the default.
Only the command line reads either; everything else is handed a `Settings`. A name that is not here
is an error, because a typo that silently keeps a default is found in production.
"""

import difflib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, TypeVar, cast

from vivavoce.core.errors import Invalid
from vivavoce.core.mail_settings import parse_sender, parse_smtp_url

PREFIX = "VIVAVOCE_"
_TRUE = frozenset({"1", "true", "yes", "on"})
_FALSE = frozenset({"0", "false", "no", "off"})

Value = str | int | bool
T = TypeVar("T", bound=Value)


@dataclass(frozen=True)
class Setting:
    """One knob. `choices` empty: any value of the default's type; `minimum` counts for numbers."""

    name: str
    default: Value
    unit: str
    help: str
    choices: tuple[str, ...] = ()
    minimum: int = 0
    zero: str = ""  # a word for 0

    @property
    def variable(self) -> str:
        return PREFIX + self.name.upper()

    def parse(self, raw: Value) -> Value:
        """The value in the default's type. Raises `Invalid` code `setting_value`."""
        text = str(raw).strip()
        if isinstance(self.default, bool):
            return self._boolean(text.lower())
        if isinstance(self.default, int):
            return self._number(text)
        if self.choices and text not in self.choices:
            raise self._refusal("one of " + ", ".join(self.choices))
        return text

    def _boolean(self, text: str) -> bool:
        if text not in _TRUE | _FALSE:
            raise self._refusal("1 or 0")
        return text in _TRUE

    def _number(self, text: str) -> int:
        if self.zero and text == self.zero:
            return 0
        if not text.isdecimal() or not text.isascii() or int(text) < self.minimum:
            word = f"{self.zero} or " if self.zero else ""
            raise self._refusal(f"{word}a whole number, at least {self.minimum}")
        return int(text)

    def _refusal(self, expected: str) -> Invalid:
        return Invalid("setting_value", f"{self.variable} must be {expected}.")


def _knob(default: T, text: str, *, unit: str = "", secret: bool = False, **rules: Any) -> T:  # noqa: ANN401
    """A field with the facts of its `Setting`; `rules` are its `choices` or `minimum`."""
    return field(default=default, repr=not secret, metadata={"unit": unit, "help": text, **rules})


@dataclass(frozen=True)
class Settings:
    data: str = _knob("data", "Folder of the database, the recordings and the keys.", unit="path")
    host: str = _knob("127.0.0.1", "Address to listen on; `0.0.0.0` for all interfaces.")
    port: int = _knob(8000, "Port to listen on.", unit="TCP port", minimum=1)
    instance_url: str = _knob(
        "",
        "Origin under which browsers reach this installation, such as "
        "`https://interviews.example.org`. Empty: `http://localhost:<port>`.",
        unit="URL",
    )
    models_dir: str = _knob(
        "models", "Folder of the model files and their `manifest.toml`.", unit="path"
    )
    transcriber: str = _knob(
        "auto",
        "Speech to text: `auto` (the model whose files verify, else embedded), `embedded` "
        "(pocketsphinx), the folder of a CTranslate2 Whisper, or the `http(s)://…/v1` of an "
        "OpenAI-compatible server.",
        unit="engine",
    )
    transcriber_model: str = _knob("", "Which model a server is asked for, to hear.")
    transcriber_api_key: str = _knob("", "The key of that server, if it wants one.", secret=True)
    language_model: str = _knob(
        "auto",
        "The interviewer's language model: `auto`, `embedded` (rule based), a GGUF file or "
        "the `http(s)://…/v1` of a server.",
        unit="engine",
    )
    language_model_model: str = _knob("", "Which model a server is asked for, to think.")
    language_model_api_key: str = _knob("", "The key of that server, if it wants one.", secret=True)
    synthesizer: str = _knob(
        "auto",
        "Text to speech: `auto`, `embedded` (espeak-ng), a Kokoro ONNX file or the "
        "`http(s)://…/v1` of a server.",
        unit="engine",
    )
    synthesizer_model: str = _knob("", "Which model a server is asked for, to speak.")
    synthesizer_api_key: str = _knob("", "The key of that server, if it wants one.", secret=True)
    turn_detector: str = _knob(
        "auto",
        "Who judges that a turn is over: `auto`, `embedded` (text, timing) or a Smart Turn file.",
        unit="engine",
    )
    embedder: str = _knob(
        "auto",
        "Who finds passages of documents by their meaning: `auto`, `embedded` (by their words "
        "alone), a GGUF embedding model or the `http(s)://…/v1` of a server.",
        unit="engine",
    )
    embedder_model: str = _knob("", "Which model a server is asked for, to find by meaning.")
    embedder_api_key: str = _knob("", "The key of that server, if it wants one.", secret=True)
    remote_fallback: str = _knob(
        "auto",
        "Who takes over a role while its server is away: `auto` (the model whose files verify, "
        "else embedded), `embedded`, or `none`: an interview that needs the server then stops, "
        "and can be resumed.",
        choices=("auto", "embedded", "none"),
    )
    remote_connect_timeout_ms: int = _knob(
        2000, "How long a server may take to accept a connection.", unit="milliseconds", minimum=1
    )
    remote_first_byte_timeout_ms: int = _knob(
        6000,
        "How long the first piece of its answer may take; five times as long for work that nobody "
        "waits for, as with the next two.",
        unit="milliseconds",
        minimum=1,
    )
    remote_between_timeout_ms: int = _knob(
        4000,
        "How long it may be silent in the middle of an answer.",
        unit="milliseconds",
        minimum=1,
    )
    remote_timeout_ms: int = _knob(
        30_000, "How long a whole answer may take.", unit="milliseconds", minimum=1
    )
    remote_retry_budget_ms: int = _knob(
        1500,
        "For how long a request of which nothing was used yet may be sent again. 0: never.",
        unit="milliseconds",
    )
    remote_ca_file: str = _knob(
        "",
        "Certificates (PEM) of an authority that signs for your servers, beside the usual ones.",
        unit="path",
    )
    transcriber_threads: int = _knob(
        0, "Threads of the speech-to-text lane. 0: planned for this machine.", unit="threads"
    )
    language_model_threads: int = _knob(
        0, "Threads of the language model lane. 0: planned for this machine.", unit="threads"
    )
    synthesizer_threads: int = _knob(
        0, "Threads of the text-to-speech lane. 0: planned for this machine.", unit="threads"
    )
    whisper_window_seconds: str = _knob(
        "auto",
        "How much audio Whisper encodes at once: `auto` fits the utterance, `30` is the reference "
        "behaviour and several times slower.",
        unit="seconds",
        choices=("auto", "30"),
    )
    grace_seconds: int = _knob(
        600,
        "How long a session whose connection dropped stays resumable before it fails.",
        unit="seconds",
    )
    first_word_timeout_ms: int = _knob(
        11_000,
        "How long the interviewer waits for the first word of an answer before a gentle prompt.",
        unit="milliseconds",
        minimum=1000,
    )
    pace: str = _knob(
        "normal",
        "How long a pause may be where the template does not say.",
        choices=("faster", "normal", "patient"),
    )
    max_conversations: int = _knob(
        0,
        "Live interviews at the same time; more candidates wait in an honest queue. `auto`: what "
        "`vivavoce bench capacity` measured here with these engines, else a careful figure by "
        "cores.",
        unit="interviews",
        zero="auto",
    )
    box: str = _knob(
        "small",
        "Which set of models `vivavoce models pull` fetches.",
        choices=("small", "normal", "gpu"),
    )
    smtp_url: str = _knob(
        "",
        "Mail server: `smtps://user:password@host` (TLS), `smtp://…` (STARTTLS, demanded) or "
        "`smtp+plain://…`. Empty: mail becomes files in the folder `outbox` of the data.",
        unit="URL",
        secret=True,
    )
    smtp_from: str = _knob(
        "",
        "Sender of all mail, such as `Our company <jobs@example.org>`; without a name the "
        "organization's. Empty: `interviews@` and the host of the instance URL.",
    )
    smtp_timeout_seconds: int = _knob(
        60, "How long one attempt at sending a mail may take.", unit="seconds", minimum=1
    )
    jwks_url: str = _knob(
        "",
        "Where another issuer publishes its keys; its bearer tokens then count beside our own.",
        unit="URL",
    )
    jwt_issuer: str = _knob("", "The `iss` of its tokens; needed with `VIVAVOCE_JWKS_URL`.")
    jwt_audience: str = _knob("", "The `aud` of its tokens. Empty: the instance URL.")
    jwt_organization_claim: str = _knob(
        "organization", "The claim that names the organization, by slug or id."
    )
    jwt_role_claim: str = _knob("role", "The claim that names the role, such as `recruiter`.")
    allow_private_networks: bool = _knob(
        False,
        "Whether webhooks may be delivered to private and loopback addresses.",
        unit="1 or 0",
    )
    log_level: str = _knob(
        "info",
        "What is logged; never a transcript, prompt, name or token.",
        choices=("debug", "info", "warning", "error"),
    )

    @property
    def origin(self) -> str:
        """The origin of this installation, without a trailing slash."""
        return self.instance_url.rstrip("/") or f"http://localhost:{self.port}"


SETTINGS: tuple[Setting, ...] = tuple(
    Setting(name=knob.name, default=cast("Value", knob.default), **knob.metadata)
    for knob in fields(Settings)
)
_BY_NAME = {setting.name: setting for setting in SETTINGS}


def load(environ: Mapping[str, str], toml_text: str = "") -> Settings:
    """Settings from the environment and the text of a `vivavoce.toml`.

    Raises `Invalid` with code `unknown_setting`, `setting_value`, `settings_file`, `smtp_url` or
    `smtp_from`.
    """
    values: dict[str, Any] = {}
    for name, raw in _parse_file(toml_text).items():
        values[name] = _find(name, name).parse(raw)
    for variable, text in environ.items():
        if variable.startswith(PREFIX):
            name = variable.removeprefix(PREFIX).lower()
            values[name] = _find(name, variable).parse(text)
    settings = Settings(**values)
    # A bad address should stop the start, and not the first mail.
    if settings.smtp_url:
        parse_smtp_url(settings.smtp_url)
    if settings.smtp_from:
        parse_sender(settings.smtp_from)
    return settings


def _parse_file(text: str) -> dict[str, Value]:
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Invalid("settings_file", f"vivavoce.toml is not valid TOML: {error}.") from error
    for name, value in table.items():
        if not isinstance(value, str | int | bool):
            raise Invalid("setting_value", f"{name} in vivavoce.toml must be a string or a number.")
    return table


def _find(name: str, as_written: str) -> Setting:
    if name in _BY_NAME:
        return _BY_NAME[name]
    nearest = difflib.get_close_matches(name, _BY_NAME, n=1)
    hint = ""
    if nearest:
        written = _BY_NAME[nearest[0]].variable if as_written.startswith(PREFIX) else nearest[0]
        hint = f" Did you mean {written}?"
    raise Invalid("unknown_setting", f"{as_written} is not a setting.{hint}")
