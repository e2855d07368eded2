"""What the server measures of itself, for Prometheus; the names are the contract's.

Values are seconds (queue depths frames). No label holds a phone number, a name or a call id.
"""

from __future__ import annotations

from prometheus_client import Counter, Gauge, Histogram

_TURN = (0.05, 0.1, 0.2, 0.3, 0.45, 0.6, 0.9, 1.2, 1.5, 2.0, 3.0, 5.0)
_EOU = (0.2, 0.35, 0.5, 0.7, 0.9, 1.2, 1.6, 2.5)
_SEND = (0.5, 1.0, 2.0, 3.0, 4.0, 6.0, 8.0, 12.0, 20.0)
_TOOL = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0)
_LAG = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5)
_DEPTH = (1, 5, 10, 25, 50, 100, 200, 350, 500)

eou_wait = Histogram("voice_eou_wait_seconds", "Last voiced frame to the utterance declared ended", buckets=_EOU)
turn_latency = Histogram(
    "voice_turn_latency_seconds", "Utterance declared ended to the first frame of the reply written", buckets=_TURN
)
ai_latency = Histogram("voice_ai_latency_seconds", "Words handed to the brain to its run ended", buckets=_TURN)
ai_first_sentence = Histogram(
    "voice_ai_first_sentence_seconds", "Words handed to the brain to its first sentence", buckets=_TURN
)
tts_generation = Histogram("voice_tts_generation_seconds", "Synthesis time of all pieces of a reply", buckets=_TURN)
tts_first_audio = Histogram("voice_tts_first_audio_seconds", "Synthesis time of the first piece", buckets=_TURN)
tts_send = Histogram("voice_tts_send_seconds", "First to last frame of a reply written", buckets=_SEND)
tool_duration = Histogram("voice_tool_duration_seconds", "Inside a tool", ("tool", "outcome"), buckets=_TOOL)
queue_max_depth = Histogram("voice_queue_max_depth_frames", "Deepest playout queue of a turn", buckets=_DEPTH)
calls_in_progress = Gauge("voice_calls_in_progress", "Calls being held now", multiprocess_mode="livesum")
calls = Counter("voice_calls_total", "Calls ended", ("outcome",))
bookings = Counter("voice_bookings_total", "What the desk was asked to do", ("action", "outcome"))
barge_ins = Counter("voice_barge_ins_total", "Replies that the caller cut off")
fallbacks = Counter("voice_fallbacks_total", "Times a lesser part took over", ("stage", "reason"))
notices = Counter("voice_notices_total", "Text messages to customers that came up to be sent", ("kind", "outcome"))
frames_dropped = Counter("voice_frames_dropped_total", "Frames of a reply that were never queued")
hub_lag = Histogram("voice_hub_lag_seconds", "How late a 20 ms tick of the hub runs", buckets=_LAG)
bad_frames = Counter("voice_bad_frames_total", "Messages on a media stream that were no good", ("kind",))
webhooks_rejected = Counter("voice_webhooks_rejected_total", "Webhooks and streams turned away", ("reason",))
voice_cache = Counter("voice_tts_cache_total", "Pieces asked of the voice cache", ("result",))
records_lost = Counter("voice_records_lost_total", "Events of calls that could not be stored")
sentences_blocked = Counter(
    "voice_sentences_blocked_total", "Sentences of a language model that its call did not bear out", ("kind",)
)
brain_errors = Counter("voice_brain_errors_total", "Attempts of the language model that failed", ("code",))
fast_paths = Counter("voice_fast_paths_total", "Short answers that were acted upon without the language model")
fillers = Counter("voice_fillers_total", "Short phrases that bridged a wait")
