"""A step in tempo, as it is heard."""

from __future__ import annotations

from measuring import tempo_heard

from riffsynth.timing.simulated import SimulatedSender


def test_a_step_in_tempo_neither_clicks_nor_bends_the_pitch() -> None:
    sender = SimulatedSender(lambda beat: 120.0 if beat < 6 else 140.0, 10, 0.001)
    heard = tempo_heard.measure(sender, float(sender.times[6 * 24]), seconds=1.0)
    assert heard["largest_step"] < 1.001 * heard["largest_step_before"]
    assert heard["steps_above_percent"] < 0.2
    assert abs(heard["pitch_off_cents"]) < 5
