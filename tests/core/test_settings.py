from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st
from vivavoce.core.errors import Invalid
from vivavoce.core.settings import SETTINGS, Settings, load


@pytest.mark.parametrize("name", ["smtp_url", "smtp_from"])
def test_a_mail_setting_that_cannot_work_stops_the_start(name: str) -> None:
    with pytest.raises(Invalid) as refusal:
        load({f"VIVAVOCE_{name.upper()}": "mail.example.org"})
    assert refusal.value.code == name


def test_the_environment_wins_over_the_file_which_wins_over_the_default() -> None:
    settings = load({"VIVAVOCE_PORT": "9000"}, 'port = 8500\nhost = "0.0.0.0"')

    assert (settings.port, settings.host, settings.data) == (9000, "0.0.0.0", "data")  # noqa: S104


def test_every_field_is_described() -> None:
    assert [setting.name for setting in SETTINGS] == [knob.name for knob in fields(Settings)]
    assert all(setting.help for setting in SETTINGS)


def test_every_default_passes_its_own_check() -> None:
    for setting in SETTINGS:
        assert setting.parse(setting.default) == setting.default


def test_a_misspelt_variable_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(Invalid, match="Did you mean VIVAVOCE_TRANSCRIBER") as refusal:
        load({"VIVAVOCE_TRANSCRIBR": "auto"})
    assert refusal.value.code == "unknown_setting"


def test_a_misspelt_name_in_the_file_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(Invalid, match="Did you mean port"):
        load({}, "prot = 1")


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("VIVAVOCE_PORT", "eighty"),
        ("VIVAVOCE_PORT", "0"),
        ("VIVAVOCE_PACE", "hasty"),
        ("VIVAVOCE_ALLOW_PRIVATE_NETWORKS", "perhaps"),
        ("VIVAVOCE_WHISPER_WINDOW_SECONDS", "12"),
    ],
)
def test_a_value_of_the_wrong_kind_is_refused_by_name(variable: str, value: str) -> None:
    with pytest.raises(Invalid, match=variable) as refusal:
        load({variable: value})
    assert refusal.value.code == "setting_value"


@pytest.mark.parametrize("text", ["port = ", "[port]\nx = 1", "port = 1.5"])
def test_a_broken_file_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        load({}, text)


def test_other_variables_are_left_alone() -> None:
    assert load({"PATH": "/bin", "PORT": "1"}) == Settings()


def test_the_origin_follows_the_port_until_it_is_set() -> None:
    assert load({"VIVAVOCE_PORT": "8123"}).origin == "http://localhost:8123"
    assert load({"VIVAVOCE_INSTANCE_URL": "https://a.example/"}).origin == "https://a.example"


@given(st.dictionaries(st.sampled_from([s.variable for s in SETTINGS]), st.text(max_size=12)))
def test_any_text_is_either_understood_or_refused_as_invalid(environ: dict[str, str]) -> None:
    try:
        settings = load(environ)
    except Invalid:
        return
    for setting in SETTINGS:
        assert type(getattr(settings, setting.name)) is type(setting.default)


def test_a_secret_does_not_show_in_the_settings() -> None:
    settings = load({"VIVAVOCE_LANGUAGE_MODEL_API_KEY": "hush"})

    assert settings.language_model_api_key == "hush"
    assert "hush" not in repr(settings)
