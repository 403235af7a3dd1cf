"""The page in a real Chromium: what hands do reaches the store, what others do moves it, and the picture moves."""

from __future__ import annotations

import asyncio
import json
import time
from pathlib import Path

import aiohttp
import numpy as np
import pytest
from browser import chromium, picture, until
from desk import Desk
from real_parts import Dj, node_packages

from riffsynth.control.midi_ports import API_VARIABLE
from riffsynth.control.store import ParameterStore
from riffsynth.playback.messages import PlaybackState, SetPlayback
from riffsynth.web.messages import Beside

pytestmark = pytest.mark.realtime
SHOTS = Path(__file__).parent / "screenshots"
SHIFT = "\ue008"
PHONE = {"width": 390, "height": 844, "deviceScaleFactor": 1, "mobile": True}


@pytest.fixture(scope="module")
def driver(tmp_path_factory):
    driver = chromium(tmp_path_factory.mktemp("chromium"), 900, 620)
    yield driver
    driver.quit()


@pytest.fixture(scope="module")
def stage():
    """A desk that sounds."""
    desk = Desk(sounding=True)
    yield desk
    desk.close()


@pytest.fixture
def page(driver, stage):
    """The stage with the values of the beginning, and its page open in the driver."""
    stage.do(lambda: stage.store.load(ParameterStore().snapshot(), source="test"))
    stage.learned.clear()
    if driver.current_url != stage.url:
        opened(driver, stage.url)
    yield stage
    faults = [entry for entry in driver.get_log("browser") if entry["source"] != "network"]
    assert not faults


def opened(driver, url):
    driver.get("about:blank")
    driver.get(url)
    until(lambda: driver.execute_script("return window.riffsynth?.instrument.connected"))


def beat(driver):
    return driver.execute_script("return riffsynth.song.beat(riffsynth.clock.now())")


def value(driver, identity):
    return driver.find_element("id", identity).get_property("value")


def test_hands_and_others_move_the_same_values(page, driver):
    prompt = driver.find_element("id", "prompt-a")
    prompt.send_keys("solo double bass, walking\n")
    until(lambda: page.get("a.prompt") == "solo double bass, walking")
    until(lambda: "solo double bass" in driver.find_element("id", "history").text)

    page.set("alpha", 0.8)
    until(lambda: float(value(driver, "alpha")) == pytest.approx(0.8, abs=1e-3))
    assert float(value(driver, "control-alpha")) == pytest.approx(0.8, abs=1e-3)
    driver.find_element("id", "alpha").send_keys("\ue012" * 3)  # arrow left
    until(lambda: page.get("alpha") == pytest.approx(0.797, abs=1e-3))

    page.set("mute", True)
    mute = driver.find_element("id", "control-mute")
    until(lambda: mute.get_attribute("aria-checked") == "true")
    driver.execute_script("arguments[0].click()", mute)
    until(lambda: page.get("mute") is False)

    pressed = []
    page.do(lambda: page.store.listen(lambda change: pressed.append(change.name)))
    driver.find_element("css selector", "#transport [data-trigger=tap]").click()
    until(lambda: "tap" in pressed)


def test_every_parameter_has_a_control_named_as_the_tree_names_it(page, driver):
    addresses = driver.execute_script("return [...riffsynth.instrument.methods.keys()]")
    shown = driver.execute_script(
        "return [...document.querySelectorAll('#controls .control')].map(c => c.dataset.address)"
        ".concat([...document.querySelectorAll('#controls .trigger')].map(c => '/riffsynth/' + c.dataset.trigger))"
    )
    assert sorted(shown) == sorted(addresses)


def test_the_picture_is_not_blank_and_moves_and_ahead_of_it_lies_what_will_be(page, driver, tmp_path):
    until(lambda: driver.execute_script("return riffsynth.terrain.frames > 3 && riffsynth.song.last > 0"))
    soon = "const s = riffsynth.song, at = ((s.last + 20) % s.ring) * 128;"
    ahead = soon + "return Math.max(...s.ahead.subarray(at, at + 128))"
    until(lambda: driver.execute_script(ahead) > 100)
    time.sleep(1.0)
    before = picture(driver, tmp_path)
    time.sleep(1.0)
    after = picture(driver, tmp_path)
    assert before.std() > 8
    assert abs(after - before).mean() > 0.5
    SHOTS.mkdir(exist_ok=True)
    driver.save_screenshot(str(SHOTS / "page.png"))


def test_it_comes_back_when_the_instrument_does(driver, new_desk):
    first = new_desk()
    opened(driver, first.url)
    first.close()
    until(lambda: not driver.execute_script("return riffsynth.instrument.connected"))
    second = new_desk(port=first.port)
    second.set("alpha", 0.3)
    until(lambda: driver.execute_script("return riffsynth.instrument.connected"))
    until(lambda: float(value(driver, "alpha")) == pytest.approx(0.3, abs=1e-3))


def test_prompts_are_lined_up_put_in_order_and_taken(page, driver):
    queue = driver.find_element("id", "queue")
    by_hand(driver, queue)
    for text in ("dub", "rain", "organ"):
        queue.find_element("name", "text").send_keys(text + "\n")
        until(lambda text=text: text in waiting(driver))
    queue.find_element("css selector", "[aria-label='“organ” earlier']").send_keys("\n")
    until(lambda: waiting(driver) == ["dub", "organ", "rain"])
    queue.find_element("css selector", "[aria-label='Drop “dub”']").click()
    until(lambda: waiting(driver) == ["organ", "rain"])
    driver.execute_script(DRAG, *reversed(queue.find_elements("css selector", "li")))
    until(lambda: waiting(driver) == ["rain", "organ"])
    driver.find_element("id", "prompt-b").send_keys("bells", SHIFT + "\n")
    until(lambda: waiting(driver) == ["rain", "organ", "bells"])
    for name, text in (("a.prompt", "rain"), ("a.prompt", "organ"), ("b.prompt", "bells")):
        queue.find_element("name", "now").click()
        until(lambda name=name, text=text: page.get(name) == text)
    until(lambda: waiting(driver) == [])


DRAG = """
const [from, to] = arguments;
for (const [item, type] of [[from, "dragstart"], [to, "dragover"], [to, "drop"]]) {
  item.dispatchEvent(new DragEvent(type, { bubbles: true, cancelable: true }));
}
"""


def by_hand(driver, queue):
    """Nothing goes by itself; left alone, the first one does after 4 bars."""
    driver.execute_script("arguments[0].querySelector('ol').append(document.createElement('li'))", queue)
    queue.find_element("css selector", "[name=bars] option[value='0']").click()
    until(lambda: not queue.find_elements("css selector", "li"))  # the server's answer has replaced the list


def waiting(driver):
    return driver.execute_script(
        "return [...document.querySelectorAll('#queue li > span')].map((each) => each.textContent)"
    )


def test_the_set_the_way_through_it_and_snapshots_have_controls(page, driver):
    page.beside = Beside(("dub", "still-water", "/home/me/nave.yaml"), None, {"a.prompt": 1.234})
    places = until(lambda: driver.find_elements("css selector", "#set ol button"))
    assert [place.get_property("textContent") for place in places] == ["dub", "still water", "nave"]
    places[1].click()
    until(lambda: page.get("preset") == "still-water")
    page.set("morph", 1.25)
    until(lambda: driver.find_element("id", "morph-text").get_property("value") == "still water ⇢ nave, 25 %")
    page.set("morph_beats", 8.0)
    until(lambda: value(driver, "control-morph_beats") == "8")
    places[2].click()
    until(lambda: page.get("morph") == 2.0)

    pads = driver.find_elements("css selector", "#set .pads button")
    assert not pads[2].is_enabled()
    driver.find_element("id", "store").click()
    pads[2].click()
    until(lambda: page.get("snapshot_store") == 3)


def test_each_control_says_how_long_it_takes(page, driver):
    page.beside = Beside((), None, {"a.prompt": 1.234})
    figure = "return document.querySelector(`[data-address='/riffsynth/${arguments[0]}'] .latency`).textContent"
    shown = lambda name: driver.execute_script(figure, name)  # noqa: E731
    until(lambda: shown("a/prompt") == "1.2 s")
    assert (shown("speed"), shown("alpha"), shown("b/prompt")) == ("41 ms", "41 ms", "")


def test_what_lies_ahead_is_read_where_the_hands_lead_the_playhead(page, driver):
    position = "return [0, 1, 2].map((beat) => riffsynth.song.position(100 + beat))"
    page.do(lambda: page.page.mirror(SetPlayback(PlaybackState(freeze=True))))
    until(lambda: len(set(driver.execute_script(position))) == 1)
    page.do(lambda: page.page.mirror(SetPlayback(PlaybackState(reverse=True))))
    until(lambda: np.allclose(np.diff(driver.execute_script(position)), -1))
    page.do(lambda: page.page.mirror(SetPlayback(PlaybackState())))
    until(lambda: np.allclose(driver.execute_script(position), [100, 101, 102]))
    loudest = (
        "const s = riffsynth.song, at = ((s.last + 20) % s.ring) * 128, c = s.ahead.subarray(at, at + 128);"
        "return c.indexOf(Math.max(...c))"
    )
    before = until(lambda: driver.execute_script(loudest))
    page.set("pitch", 12)
    until(lambda: driver.execute_script(loudest) > before)


@pytest.mark.slow
def test_a_link_brings_a_moment_back_when_it_is_asked_to(page, driver):
    for name, number in (("a.prompt", "dub ♥"), ("a.seed", 4294967295), ("alpha", 0.25), ("freeze", True)):
        page.set(name, number)
    until(lambda: value(driver, "control-a-seed") == "4294967295")
    before = beat(driver)
    driver.find_element("id", "link").click()
    link = until(lambda: "#moment=" in driver.current_url and driver.current_url)
    for name, number in (("a.prompt", "other"), ("a.seed", 1), ("alpha", 0.9), ("freeze", False)):
        page.set(name, number)
    opened(driver, link)
    assert page.get("a.prompt") == "other"
    gone_to = []
    page.do(lambda: page.store.listen(lambda change: gone_to.append(change.value) if change.name == "locate" else None))
    driver.find_element("id", "moment-play").click()
    until(lambda: page.get("a.prompt") == "dub ♥")
    assert before < gone_to[0] < beat(driver)
    assert (page.get("a.seed"), page.get("alpha"), page.get("freeze")) == (4294967295, 0.25, True)


@pytest.mark.slow
def test_learning_by_click_and_recording(page, driver):
    driver.find_element("id", "learn").click()
    button = driver.find_element("css selector", "[data-address='/riffsynth/pitch'] .learn")
    driver.execute_script("arguments[0].click()", button)
    until(lambda: page.learned == [("pitch",)])
    driver.find_element("id", "record").click()
    until(lambda: driver.find_element("id", "record").get_attribute("aria-pressed") == "true")
    driver.find_element("id", "record").click()
    link = until(lambda: driver.find_elements("css selector", "#takes-list a"))[0].get_attribute("href")

    async def download():
        async with aiohttp.ClientSession() as session, session.get(link) as response:
            return response.status, await response.read()

    status, data = asyncio.run(download())
    assert status == 200
    assert data[:4] == b"RIFF"


@pytest.mark.slow
def test_a_phone_shows_all_of_it_and_the_projector_the_picture_alone(page, driver):
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", PHONE)
    try:
        assert driver.execute_script("return document.documentElement.scrollWidth <= innerWidth")
        SHOTS.mkdir(exist_ok=True)
        driver.save_screenshot(str(SHOTS / "phone.png"))
    finally:
        driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    opened(driver, page.url + "?view=projector")
    assert not driver.find_element("id", "hands").is_displayed()
    assert driver.find_element("id", "terrain").size["height"] >= driver.execute_script("return innerHeight") - 1


@pytest.mark.slow
def test_axe_finds_no_serious_fault(page, driver):
    driver.execute_script((node_packages("axe-core") / "axe-core" / "axe.min.js").read_text())
    answer = driver.execute_async_script("const done = arguments[0]; axe.run().then(done)")
    serious = [fault for fault in answer["violations"] if fault["impact"] in ("serious", "critical")]
    assert not serious, json.dumps([(fault["id"], [node["html"] for node in fault["nodes"]][:3]) for fault in serious])


@pytest.mark.slow
def test_a_control_of_a_real_controller_is_learned_by_click(driver, jack_server, monkeypatch, tmp_path):
    monkeypatch.setenv(API_VARIABLE, "jack")
    dj = Dj()
    desk = Desk(midi=tmp_path)
    try:
        opened(driver, desk.url)
        driver.find_element("id", "learn").click()
        button = driver.find_element("css selector", "[data-address='/riffsynth/pitch'] .learn")
        driver.execute_script("arguments[0].click()", button)
        until(lambda: desk.learned)
        dj.send(*(f"control_change control=21 value={position}" for position in range(0, 128, 2)))
        until(lambda: "cc 21, channel 1, of dj:out, moves pitch" in driver.find_element("id", "said").text)
        dj.send(*(f"control_change control=21 value={position}" for position in range(126, -1, -1)))
        until(lambda: float(value(driver, "control-pitch")) == -24)
    finally:
        desk.close()
        dj.unplug()
