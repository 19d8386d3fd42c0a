from prometheus_client import CollectorRegistry, generate_latest
from vivavoce.core.circuit_breaker import Circuit
from vivavoce.core.model_manifest import Role
from vivavoce.core.transcript import TurnLedger
from vivavoce.engines.lanes import JobKind, JobTimes
from vivavoce.engines.server_watch import CircuitChange
from vivavoce.web.engine_metrics import EngineMetrics

SESSION = "0190-session"


def told() -> str:
    registry = CollectorRegistry()
    figures = EngineMetrics(registry)
    figures.exchanged(
        TurnLedger(
            3,
            "score",
            soft_end_ms=96,
            commit_ms=240,
            first_audio_played_ms=700,
            interruptions=2,
            engines={"transcriber": "pocketsphinx en-us"},
        )
    )
    figures.worked(JobTimes("transcriber", SESSION, JobKind.FINAL, 4.0, 230.0))
    figures.changed(CircuitChange(Role.TRANSCRIBER, Circuit.OPEN))
    figures.count_live(lambda: 7)
    return generate_latest(registry).decode()


def test_stages_are_counted_by_why_the_turn_was_over() -> None:
    text = told()
    stage = '{decision="score",le="0.3",stage="commit"}'
    assert f"vivavoce_turn_stage_seconds_bucket{stage} 1.0" in text
    assert (
        'vivavoce_turn_stage_seconds_sum{decision="score",stage="first_audio_played"} 0.7' in text
    )
    assert 'stage="first_token"' not in text  # the exchange did not go through it
    assert "vivavoce_interruptions_total 2.0" in text


def test_jobs_circuits_and_interviews_are_shown() -> None:
    text = told()
    assert (
        'vivavoce_engine_job_seconds_sum{kind="final",lane="transcriber",part="ran"} 0.23' in text
    )
    assert 'vivavoce_engine_circuit{role="transcriber",vivavoce_engine_circuit="open"} 1.0' in text
    assert (
        'vivavoce_engine_circuit{role="transcriber",vivavoce_engine_circuit="closed"} 0.0' in text
    )
    assert "vivavoce_live_interviews 7.0" in text
    exchanges = '{engine="pocketsphinx en-us",role="transcriber"}'
    assert f"vivavoce_engine_exchanges_total{exchanges} 1.0" in text


def test_no_figure_names_a_session() -> None:
    assert SESSION not in told()
