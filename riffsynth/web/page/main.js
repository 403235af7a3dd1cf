// Puts the page together: the instrument, its picture, and what hands do.

import { button, element } from "./element.js";
import { Controls, bindSlider, bindText } from "./controls.js";
import { Instrument } from "./instrument.js";
import { Labels } from "./labels.js";
import { momentIn, momentLink } from "./moment.js";
import { Queue } from "./queue.js";
import { SetList } from "./set.js";
import { ServerClock, Song } from "./song.js";
import { Terrain } from "./terrain.js";
import { thrown } from "./words.js";

const $ = (id) => document.getElementById(id);
const SAID_MS = 7000;
const EXPECT_MS = 66; // between two looks ahead
const CLIP_FRAME = 2;

const projector = new URLSearchParams(location.search).get("view") === "projector";
document.body.classList.toggle("projector", projector);

const instrument = new Instrument();
const clock = new ServerClock();
const song = new Song();
const controls = new Controls(instrument, $("controls"), $("transport"));
const queue = new Queue(instrument, $("queue"));
const set = new SetList(instrument, $("set"));
let status = {};
let clipMs = {};
let terrain = null;
let labels = null;
try {
  terrain = new Terrain($("terrain"), song);
  labels = new Labels($("labels"), song, terrain);
} catch {
  $("no-picture").hidden = false;
}

// The stage: prompts and alpha.

const alpha = $("alpha");
const alphaText = (value) => {
  $("alpha-text").value = Number(value).toFixed(2);
  alpha.style.setProperty("--at", `${100 * value}%`);
  document.documentElement.style.setProperty("--alpha", value);
};
bindSlider(instrument, alpha, "/riffsynth/alpha", alphaText);
const prompts = ["a", "b"].map((end) => [`/riffsynth/${end}/prompt`, bindText(instrument, $(`prompt-${end}`), `/riffsynth/${end}/prompt`)]);
controls.dispatch = () => {
  controls.latency(status.latency_ms, clipMs);
  for (const [address, show] of prompts) controls.also(address, show);
  controls.also("/riffsynth/alpha", (value) => {
    alpha.value = value;
    alphaText(value);
  });
};
for (const dice of document.querySelectorAll("[data-dice]")) {
  dice.addEventListener("click", () => instrument.set(`/riffsynth/${dice.dataset.dice}/prompt`, thrown()));
}
for (const end of ["a", "b"]) {
  const input = $(`prompt-${end}`);
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !event.shiftKey || event.isComposing) return;
    event.stopImmediatePropagation(); // it waits, and is not played now
    queue.add(end, input.value);
  }, true);
}

instrument.addEventListener("value", ({ detail: { address, value } }) => {
  if (address === "/riffsynth/alpha") song.alpha = value;
  if (address === "/riffsynth/meter") song.meter = value;
  if (address === "/riffsynth/pitch") song.pitch = value;
  if (address === "/riffsynth/level" || address === "/riffsynth/mute") {
    song.gainDb = instrument.values.get("/riffsynth/mute") ? -200 : instrument.values.get("/riffsynth/level") ?? 0;
  }
  if (address.endsWith("/prompt") || address === "/riffsynth/alpha") describe();
});

/** What plays, in words: the prompt of the end that is nearer, and the other one. */
function words() {
  const at = (name) => instrument.values.get(`/riffsynth/${name}`);
  const [a, b, place] = [at("a/prompt") ?? "", at("b/prompt") ?? "", at("alpha") ?? 0];
  return !b || place <= 0 ? a : place >= 1 ? b : `${a} ⇢ ${b}`;
}

function describe() {
  if (labels) labels.prompt = words();
  $("projected").textContent = words();
}

// What the instrument tells.

instrument.addEventListener("connection", ({ detail: { connected, text } }) => {
  document.body.classList.toggle("away", !connected);
  $("connection").textContent = text;
});

const told = {
  hello: (message) => {
    song.hello(message);
    song.pitch = instrument.values.get("/riffsynth/pitch") ?? 0;
  },
  queue: (message) => queue.show(message),
  set: (message) => set.show(message),
  latency: ({ ms }) => {
    clipMs = ms;
    controls.latency(status.latency_ms, clipMs);
  },
  ahead: (message) => song.known(message),
  prompts: ({ prompts: texts }) => showHistory(texts),
  takes: (message) => showTakes(message),
  said: ({ address, args }) => said(address, args),
  status: (message) => {
    if (message.latency_ms !== status.latency_ms) controls.latency(message.latency_ms, clipMs);
    status = message;
    clock.hear(message.now);
    showStatus();
  },
};
instrument.addEventListener("live", ({ detail }) => told[detail.is]?.(detail));
instrument.addEventListener("columns", ({ detail: { header, levels } }) => {
  if (header.kind === CLIP_FRAME) song.clip(header.key, header.time, header.columns, levels);
  else {
    song.take(header.time, header.columnS, header.columns, levels);
    $("meter").value = Math.max(-60, header.db);
    $("meter").classList.toggle("hot", header.peak > 0.98);
  }
});

function showStatus() {
  $("tempo").textContent = `${status.tempo.toFixed(1)} bpm`;
  $("clock").textContent = status.playing ? status.clock_state : "stopped";
  document.body.classList.toggle("generating", status.generating > 0);
  const made = status.generation_ms ? `${(status.generation_ms / 1000).toFixed(2)} s` : "–";
  $("generation").textContent = status.model === "loading" ? "loading" : status.generating ? `${made} …` : made;
  $("underruns").textContent = status.underruns;
  $("underruns").classList.toggle("bad", status.underruns > 0);
  $("core").textContent = `${Math.round(100 * status.core_fraction)} %`;
  const recording = status.recording !== null;
  $("record").setAttribute("aria-pressed", recording);
  $("record-text").textContent = recording ? `Stop ${Math.floor(status.recording)} s` : "Record";
}

function said(address, args) {
  const name = address.replace("/riffsynth/", "");
  if (name === "learn") controls.mark(String(args[0]), String(args[1]));
  if (!["error", "worker", "learn", "link"].includes(name)) return;
  const line = document.createElement("p");
  line.className = name;
  line.textContent = name === "worker" ? `the model: ${args.join(" ")}` : name === "learn" ? `${args[0]}: ${args.slice(2).join("; ")}` : args.join(" ");
  $("said").append(line);
  while ($("said").children.length > 3) $("said").firstChild.remove();
  setTimeout(() => line.remove(), SAID_MS);
}

function showHistory(texts) {
  $("history").replaceChildren(
    ...texts.map((text) =>
      element(
        "li",
        {},
        element("span", {}, text),
        ...["a", "b"].map((end) =>
          button(end.toUpperCase(), () => instrument.set(`/riffsynth/${end}/prompt`, text), { class: end, label: `“${text}” to end ${end.toUpperCase()}` }),
        ),
        button("+", () => queue.add("a", text), { label: `Line up “${text}”` }),
      ),
    ),
  );
}

function showTakes({ takes }) {
  $("takes").hidden = takes.length === 0;
  $("takes-list").replaceChildren(
    ...takes.map((name) => element("li", {}, element("a", { href: `/takes/${encodeURIComponent(name)}`, download: name }, name))),
  );
}

// Buttons and keys.

const record = () => instrument.do(status.recording === null ? "record" : "stop");
$("record").addEventListener("click", record);
$("learn").addEventListener("click", () => {
  controls.learn(!controls.learning);
  $("learn").setAttribute("aria-pressed", controls.learning);
  if (!controls.learning) instrument.ask("/riffsynth/unlearn");
});
$("link").addEventListener("click", async () => {
  const link = momentLink(instrument, song.beat(clock.now()));
  history.replaceState(null, "", link);
  try {
    await navigator.clipboard.writeText(link);
    said("/riffsynth/link", ["the link is copied: whoever opens it can play this moment"]);
  } catch {
    said("/riffsynth/link", ["the link is in the address bar"]);
  }
});

const moment = momentIn(location.hash);
if (moment && !projector) {
  $("moment").hidden = false;
  $("moment-text").textContent = `This link holds a moment: “${moment.get("/riffsynth/a/prompt") ?? ""}”`;
  $("moment-play").addEventListener("click", () => instrument.setAll(moment));
  for (const id of ["moment-play", "moment-drop"]) {
    $(id).addEventListener("click", () => {
      $("moment").hidden = true;
      history.replaceState(null, "", location.pathname + location.search);
    });
  }
}

const toggle = (name) => instrument.set(`/riffsynth/${name}`, !instrument.values.get(`/riffsynth/${name}`));
const keys = {
  1: () => $("prompt-a").select(),
  2: () => $("prompt-b").select(),
  3: () => alpha.focus(),
  " ": () => instrument.press(status.playing ? "/riffsynth/stop" : "/riffsynth/play"),
  t: () => instrument.press("/riffsynth/tap"),
  m: () => toggle("mute"),
  f: () => toggle("freeze"),
  r: record,
  q: () => $("queue").querySelector("input").focus(),
  n: () => instrument.press("/riffsynth/next"),
  p: () => instrument.press("/riffsynth/previous"),
  z: () => instrument.press("/riffsynth/undo"),
};
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input:not([type=range]), select, textarea, button, a");
  if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
  const number = event.shiftKey && /^Digit[1-8]$/.test(event.code) ? Number(event.code.slice(5)) : 0;
  const action = number ? () => set.snapshot(number) : keys[event.key];
  if (!action) return;
  event.preventDefault();
  action();
});

// The picture.

let expected = 0;
let shownBeat = NaN;
function frame(time) {
  requestAnimationFrame(frame);
  const now = clock.now();
  const beat = song.beat(now);
  const whole = Math.floor(beat);
  if (whole !== shownBeat) {
    shownBeat = whole;
    const bar = Math.floor(whole / song.meter);
    $("position").textContent = `${bar + 1}.${whole - bar * song.meter + 1}`;
  }
  if (!terrain || document.hidden) return;
  if (time - expected > EXPECT_MS) {
    expected = time;
    song.expect(now, now + terrain.aheadS + 0.2);
  }
  terrain.entersAt = song.entersAt;
  terrain.crossfadeS = song.coming && song.timeline ? song.coming.crossfade / song.timeline[2] : 0;
  terrain.pulse = song.timeline?.[3] ? (1 - (beat - whole)) ** 3 : 0;
  terrain.draw(now);
  labels.draw(now, status.generating > 0);
}
requestAnimationFrame(frame);
instrument.start();
window.riffsynth = { instrument, song, terrain, clock }; // for the console, and for tests
