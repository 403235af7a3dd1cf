"""What OSC messages do, without a socket and with a clock turned by hand."""

import pytest

from riffsynth.control.osc_codec import IMPULSE, OscBundle, OscError, OscMessage
from riffsynth.control.osc_feedback import MAX_SUBSCRIBERS, Reply
from riffsynth.control.osc_router import ERRORS_PER_SECOND, OscRouter, Received
from riffsynth.control.store import ParameterStore
from riffsynth.parameters import TABLE, Kind

ME = ("10.0.0.2", 5000)
YOU = ("10.0.0.3", 6000)
WALL_S = 1.7e9


class Desk:
    """A router, its store, and a performer who sends to it."""

    def __init__(self, **options):
        self.store = ParameterStore()
        self.router = OscRouter(self.store, **options)
        self.events = []
        self.store.listen(self.events.append)
        self.now = 100.0

    def send(self, address, *args, sender=ME):
        return self.packet(OscMessage(address, args), sender)

    def packet(self, content, sender=ME):
        return self.router.handle(Received(content, sender, self.now, WALL_S + self.now))

    def due(self, after=0.0):
        self.now += after
        return self.router.due(self.now)

    def error(self, address, *args):
        """The one complaint about a message that must change nothing."""
        before = self.store.snapshot()
        replies = self.send(address, *args)
        assert self.store.snapshot() == before and self.events == []
        (reply,) = replies
        assert (reply.to, reply.address) == (ME, "/riffsynth/error")
        return reply.args[0]


@pytest.fixture
def desk():
    return Desk()


def some_value(parameter):
    return {
        Kind.FLOAT: (parameter.minimum + parameter.maximum) / 2 + 0.25,
        Kind.INT: 7,
        Kind.BOOL: int(not parameter.default),
        Kind.TEXT: "dub",
        Kind.CHOICE: parameter.choices[-1] if parameter.choices else "",
        Kind.TRIGGER: 1,
    }[parameter.kind]


@pytest.mark.parametrize("parameter", TABLE, ids=lambda parameter: parameter.name)
def test_every_address_is_set_and_asked(desk, parameter):
    value = some_value(parameter)
    if parameter.name == "speed":
        value = 1.5
    assert desk.send(parameter.osc_address, value) == []
    assert parameter.name in [event.name for event in desk.events]
    if parameter.kind is not Kind.TRIGGER:
        assert desk.send(parameter.osc_address) == [Reply(ME, parameter.osc_address, (value,))]


@pytest.mark.parametrize("parameter", [p for p in TABLE if p.bounded or p.kind in (Kind.BOOL, Kind.CHOICE)], ids=str)
def test_every_twin_counts_in_0_to_1(desk, parameter):
    twin = parameter.osc_address.replace("/riffsynth/", "/riffsynth/norm/")
    for position, value in [(1, parameter.from_unit(1)), (0, parameter.from_unit(0))]:
        assert desk.send(twin, position) == []
        assert desk.store.get(parameter.name) == value
        assert desk.send(twin) == [Reply(ME, twin, (position,))]
    assert "0..1" in desk.send(twin, 1.01)[0].args[0]


@pytest.mark.parametrize(
    ("address", "args", "name", "value"),
    [
        ("/riffsynth/alpha", (1,), "alpha", 1.0),
        ("/riffsynth/alpha", (True,), "alpha", 1.0),
        ("/riffsynth/alpha", ("0.5",), "alpha", 0.5),
        ("/riffsynth/mute", (1.0,), "mute", True),
        ("/riffsynth/mute", ("true",), "mute", True),
        ("/riffsynth/steps", (12.0,), "steps", 12),
        ("/riffsynth/a/seed", ("4294967295",), "a.seed", 2**32 - 1),
        ("/riffsynth/a/prompt", ("deep", "dub", "techno"), "a.prompt", "deep dub techno"),
        ("/riffsynth/a/prompt", (808, "kick", 0.5), "a.prompt", "808 kick 0.5"),
        ("/riffsynth/a/prompt", ("808",), "a.prompt", "808"),
    ],
)
def test_values_come_as_max_and_touchdesigner_send_them(desk, address, args, name, value):
    assert desk.send(address, *args) == []
    assert desk.store.get(name) == value


@pytest.mark.parametrize("args", [(), (1,), (1.0,), (True,), (IMPULSE,), ("bang",)])
def test_a_bang_is_a_trigger_however_it_is_written(desk, args):
    assert desk.send("/riffsynth/tap", *args) == []
    assert [event.name for event in desk.events] == ["tap"]


def test_a_button_that_is_reported_pressed_in_every_frame_triggers_once(desk):
    for frame in [0, 1, 1, 1, 1, 0, 0, 1, 1, 0]:
        desk.send("/riffsynth/tap", float(frame))
        desk.now += 1 / 30
    assert len(desk.events) == 2
    for _ in range(3):  # a program that only ever sends the press
        desk.now += 0.2
        desk.send("/riffsynth/tap", 1)
    assert len(desk.events) == 5


def test_bangs_trigger_each_time(desk):
    for _ in range(3):
        desk.send("/riffsynth/tap")
    assert len(desk.events) == 3


@pytest.mark.parametrize("args", [(0,), (0.0,), (False,)])
def test_the_release_of_a_button_triggers_nothing(desk, args):
    assert desk.send("/riffsynth/tap", *args) == []
    assert desk.events == []


@pytest.mark.parametrize(
    ("address", "args", "sentence"),
    [
        ("/riffsynth/alpha", (1.5,), "/riffsynth/alpha: alpha is a number 0..1, found 1.5"),
        ("/riffsynth/alpha", (float("nan"),), "found nan"),
        ("/riffsynth/alpha", (IMPULSE,), "found a bang"),
        ("/riffsynth/alpha", (None,), "found None"),
        ("/riffsynth/alpha", (b"\0\1",), "alpha is a number"),
        ("/riffsynth/alpha", ((1.0,),), "alpha is a number"),
        ("/riffsynth/alpha", (0.1, 0.2), "alpha takes one value, found 2"),
        ("/riffsynth/a/prompt", (808,), "a.prompt is text of at most 4000 characters, found 808"),
        ("/riffsynth/a/prompt", ("x" * 5000,), "at most 4000"),
        ("/riffsynth/a/prompt", ("x", b"y"), "a.prompt is text"),
        ("/riffsynth/steps", (2.5,), "steps is a whole number 0..100, found 2.5"),
        ("/riffsynth/clock", (1,), "clock is one of internal, midi, link, found 1"),
        ("/riffsynth/mute", (0.5,), "mute is 0 or 1"),
        ("/riffsynth/tap", ("now",), "tap is a trigger"),
        ("/riffsynth/alhpa", (1,), "there is no such address; did you mean /riffsynth/alpha?"),
        ("/elsewhere", (), "there is no such address"),
        ("/riffsynth/x*", (1,), "matches no parameter"),
        ("/riffsynth/[a", (1,), "does not close"),
        ("/riffsynth/notify", ("me",), "takes the port"),
        ("/riffsynth/notify", (70000,), "takes the port"),
        ("/riffsynth/notify", (float("inf"),), "takes the port"),
        ("/riffsynth/sync", (b"x",), "takes a number"),
    ],
)
def test_what_cannot_be_is_explained_and_changes_nothing(desk, address, args, sentence):
    assert sentence in desk.error(address, *args)
    assert desk.router.counts["refused"] == 1


def test_a_malformed_packet_is_counted_and_explained(desk):
    (reply,) = desk.packet(OscError("a string does not end"))
    assert reply.args == ("malformed packet: a string does not end",)
    assert desk.router.counts["malformed"] == 1


def test_of_a_flood_of_errors_some_are_answered_and_all_are_counted(desk):
    answered = sum(len(desk.send("/riffsynth/nothing", 1)) for _ in range(500))
    assert answered == ERRORS_PER_SECOND
    assert desk.router.counts["refused"] == 500
    desk.now += 1
    assert desk.send("/riffsynth/nothing", 1)


def test_two_instruments_do_not_complain_to_each_other_for_ever(desk):
    assert desk.send("/riffsynth/error", "malformed packet") == []
    assert desk.send("/riffsynth/status", "{}") == []


# Patterns


def test_a_pattern_sets_and_asks_all_that_it_matches(desk):
    assert desk.send("/riffsynth/*/seed", 5) == []
    assert (desk.store.get("a.seed"), desk.store.get("b.seed")) == (5, 5)
    assert desk.send("/riffsynth/{a,b}/seed") == [
        Reply(ME, "/riffsynth/a/seed", (5,)),
        Reply(ME, "/riffsynth/b/seed", (5,)),
    ]


def test_asking_everything_triggers_nothing(desk):
    replies = desk.send("/riffsynth/*")
    assert desk.events == []
    assert {"/riffsynth/alpha", "/riffsynth/tempo"} <= {reply.address for reply in replies}


def test_a_pattern_sets_what_can_take_the_value_and_names_what_cannot(desk):
    (reply,) = desk.send("/riffsynth/a/*", 1)
    assert desk.store.get("a.seed") == 1
    assert "a.prompt is text" in reply.args[0]


# Bundles and time


def test_a_bundle_is_in_place_as_a_whole_before_anyone_is_told(desk):
    seen = []
    desk.store.listen(lambda change: seen.append(desk.store.snapshot()["pitch"]))
    inner = OscBundle(None, (OscMessage("/riffsynth/pitch", (3,)),))
    content = OscBundle(None, (OscMessage("/riffsynth/alpha", (1,)), OscMessage("/riffsynth/sync", (9,)), inner))
    assert desk.packet(content) == [Reply(ME, "/riffsynth/sync", (9,))]
    assert seen == [3, 3]


def bundle(ahead_s, *messages, now=100.0):
    return OscBundle(WALL_S + now + ahead_s, tuple(OscMessage(address, args) for address, *args in messages))


def test_a_time_tag_is_kept_on_our_own_clock(desk):
    assert desk.packet(bundle(0.5, ("/riffsynth/alpha", 1), ("/riffsynth/sync", 1))) == []
    assert desk.due(after=0.49) == []
    assert desk.store.get("alpha") == 0
    assert desk.due(after=0.02) == [Reply(ME, "/riffsynth/sync", (1,))]
    assert desk.store.get("alpha") == 1


def test_scheduled_bundles_come_in_the_order_of_their_times(desk):
    desk.packet(bundle(0.2, ("/riffsynth/pitch", 2)))
    desk.packet(bundle(0.1, ("/riffsynth/pitch", 1)))
    desk.due(after=1)
    assert [event.value for event in desk.events] == [1, 2]


def test_a_past_time_tag_counts_at_once(desk):
    for ahead_s in (-0.001, -3600, -WALL_S):
        desk.packet(bundle(ahead_s, ("/riffsynth/tap",)))
    assert len(desk.events) == 3


def test_an_absurd_time_tag_is_refused(desk):
    (reply,) = desk.packet(bundle(3600, ("/riffsynth/alpha", 1)))
    assert "3600 s ahead" in reply.args[0]
    assert desk.due(after=4000) == []
    assert desk.store.get("alpha") == 0


def test_an_inner_bundle_waits_for_the_outer_one(desk):
    inner = bundle(0.1, ("/riffsynth/alpha", 1))
    desk.packet(OscBundle(WALL_S + desk.now + 0.3, (inner,)))
    desk.due(after=0.2)
    assert desk.store.get("alpha") == 0
    desk.due(after=0.2)
    assert desk.store.get("alpha") == 1


# Feedback


def test_changes_are_told_to_those_who_asked_but_not_to_the_one_who_made_them(desk):
    assert desk.send("/riffsynth/notify") == [Reply(ME, "/riffsynth/notify", (ME[1],))]
    assert desk.send("/riffsynth/notify", 9001, sender=YOU) == [Reply((YOU[0], 9001), "/riffsynth/notify", (9001,))]
    desk.send("/riffsynth/alpha", 1)
    assert desk.due() == [Reply((YOU[0], 9001), "/riffsynth/alpha", (1.0,))]
    desk.store.set("pitch", 2, "midi")
    assert {reply.to for reply in desk.due()} == {ME, (YOU[0], 9001)}


def test_answers_go_to_the_port_that_was_named(desk):
    desk.send("/riffsynth/notify", 9001)
    assert desk.send("/riffsynth/alpha")[0].to == (ME[0], 9001)
    assert Desk(reply_port=9005).send("/riffsynth/alpha")[0].to == (ME[0], 9005)


def test_notify_0_ends_it(desk):
    desk.send("/riffsynth/notify", 9001)
    desk.send("/riffsynth/notify", 0)
    desk.store.set("alpha", 1, "midi")
    assert desk.due() == []


def test_what_follows_from_a_change_is_told_to_the_one_who_made_it(desk):
    desk.send("/riffsynth/notify")
    desk.send("/riffsynth/strength", 0.5)
    assert {reply.address for reply in desk.due()} == {"/riffsynth/a/strength", "/riffsynth/b/strength"}


def test_feedback_is_throttled_and_the_last_value_arrives(desk):
    desk.send("/riffsynth/notify")
    told = []
    for step in range(1000):  # one second at 1 kHz
        desk.store.set("alpha", (step + 1) / 1000, "midi")
        told += desk.due(after=0.001)
    told += desk.due(after=1)
    assert 28 <= len(told) <= 32
    assert told[-1].args == (1.0,)


def test_a_value_that_was_overtaken_by_the_receivers_own_is_not_told(desk):
    desk.send("/riffsynth/notify")
    desk.store.set("alpha", 0.1, "midi")
    desk.send("/riffsynth/alpha", 0.9)
    assert desk.due() == []


def test_subscriptions_do_not_grow_without_end(desk):
    for port in range(2000, 2000 + 2 * MAX_SUBSCRIBERS):
        desk.send("/riffsynth/notify", sender=("10.0.0.9", port))
    assert len(desk.router.feedback.targets) == MAX_SUBSCRIBERS


def test_fixed_targets_are_told_for_ever():
    target = ("10.0.0.9", 9100)
    desk = Desk(targets=[target])
    for port in range(2000, 2000 + 2 * MAX_SUBSCRIBERS):
        desk.send("/riffsynth/notify", sender=("10.0.0.9", port))
    desk.send("/riffsynth/notify", 0, sender=target)
    desk.store.set("alpha", 1, "midi")
    assert Reply(target, "/riffsynth/alpha", (1.0,)) in desk.due()


def test_refresh_tells_every_value(desk):
    replies = desk.send("/riffsynth/refresh")
    assert {reply.address for reply in replies} == {p.osc_address for p in TABLE if p.kind is not Kind.TRIGGER}


def test_status_is_told_one_by_one_and_as_json():
    desk = Desk(status=lambda: {"worker": "ready", "underruns": 0})
    replies = desk.send("/riffsynth/status")
    assert Reply(ME, "/riffsynth/status/worker", ("ready",)) in replies
    assert replies[-1].address == "/riffsynth/status"
    assert '"underruns": 0' in replies[-1].args[0] and '"osc_messages": 1' in replies[-1].args[0]


def test_an_announcement_reaches_all_who_asked(desk):
    desk.send("/riffsynth/notify")
    desk.send("/riffsynth/notify", 9001, sender=YOU)
    assert desk.router.announcement("worker", "ready") == [
        Reply(ME, "/riffsynth/worker", ("ready",)),
        Reply((YOU[0], 9001), "/riffsynth/worker", ("ready",)),
    ]
