// Controls, made from OSCQuery's tree: one for every method that there is, whatever it is.

import { element } from "./element.js";

const GROUPS = [
  ["a", "End A"],
  ["b", "End B"],
  ["now", "Sound"],
  ["clip", "Clips"],
  ["clock", "Time"],
  ["instrument", "Set and presets"],
];
const LARGE_RANGE = 1e6; // an integer beyond this is no slider

const nameOf = (path) => path.replace("/riffsynth/", "");
const shown = (node) => nameOf(node.FULL_PATH).split("/").pop().replaceAll("_", " ");
const unitOf = (node) => (node.UNIT?.[0] ?? "").replace("gain.db", "dB").replace("time.bpm", "bpm").replace("time.speed", "×").replace("time.", "");

const acts = (node) => node.TAGS?.[0] ?? "";

function groupOf(node) {
  const [end] = nameOf(node.FULL_PATH).split("/");
  if (end === "a" || end === "b") return end;
  const when = acts(node);
  return when.startsWith("now") ? "now" : when.includes("clip") ? "clip" : when === "clock" ? "clock" : "instrument";
}

const CLIP_LATENCY = "What the last move took until the clip made for it was heard";
const LATENCY = { a: CLIP_LATENCY, b: CLIP_LATENCY, clip: CLIP_LATENCY, now: "From here to the speaker, as the sound card tells it", instrument: CLIP_LATENCY };

export const digits = (value) => {
  const size = Math.abs(value);
  return Number.isInteger(value) || size >= 1000 ? String(Math.round(value)) : size >= 100 ? value.toFixed(1) : value.toFixed(2);
};

/** Fills `root` with all controls and `transport` with the clock's buttons; they follow the instrument. */
export class Controls {
  #shows = new Map();

  constructor(instrument, root, transport) {
    this.instrument = instrument;
    this.root = root;
    this.transport = transport;
    this.learning = false;
    instrument.addEventListener("tree", ({ detail }) => this.#build(detail));
    instrument.addEventListener("value", ({ detail }) => this.#shows.get(detail.address)?.(detail.value));
    instrument.addEventListener("node", ({ detail }) => this.#renew(detail));
  }

  /** Another control for an address that has one already, such as the prompts on the stage. */
  also(address, show) {
    const before = this.#shows.get(address);
    this.#shows.set(address, (value) => {
      before?.(value);
      show(value);
    });
    if (this.instrument.values.has(address)) show(this.instrument.values.get(address));
  }

  /** While learning, a click on a control asks for its MIDI control. */
  learn(on) {
    this.learning = on;
    document.body.classList.toggle("learning", on);
    for (const button of this.root.querySelectorAll(".learn")) button.hidden = !on;
  }

  /** Shows how long it takes until a control is heard: what acts now waits for the output alone, `outputMs`; for the
   * others `clipMs` has what their last move took, by the parameter's name. */
  latency(outputMs, clipMs) {
    for (const control of this.root.querySelectorAll(".control")) {
      const node = this.instrument.methods.get(control.dataset.address);
      const ms = node && acts(node).startsWith("now") ? outputMs : clipMs[nameOf(control.dataset.address).replaceAll("/", ".")];
      control.querySelector(".latency").textContent = ms === undefined ? "" : ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
    }
  }

  mark(name, state) {
    for (const control of this.root.querySelectorAll(".control")) {
      if (control.dataset.address === `/riffsynth/${name.replaceAll(".", "/")}`) control.dataset.learn = state;
    }
  }

  #build(methods) {
    this.#shows.clear();
    this.root.replaceChildren();
    this.transport.replaceChildren();
    const groups = new Map();
    for (const node of methods.values()) {
      const group = groupOf(node);
      if (!groups.has(group)) groups.set(group, []);
      groups.get(group).push(node);
    }
    for (const [key, title] of GROUPS) {
      const nodes = groups.get(key);
      if (!nodes) continue;
      const id = `group-${key}`;
      const box = element("section", { class: `group ${key}`, "aria-labelledby": id }, element("h2", { id }, title));
      const triggers = element("div", { class: "triggers" });
      for (const node of nodes) (node.TYPE === "I" ? triggers : box).append(this.#control(node));
      if (triggers.children.length) box.append(triggers);
      this.root.append(box);
    }
    for (const name of ["play", "stop", "tap", "previous", "next", "undo", "redo", "panic"]) {
      const node = methods.get(`/riffsynth/${name}`);
      if (node) this.transport.append(this.#trigger(node));
    }
    this.learn(this.learning);
    this.dispatch?.();
  }

  #control(node) {
    const address = node.FULL_PATH;
    const id = `control-${nameOf(address).replaceAll("/", "-")}`;
    const [made, show] = this.#widget(node, id);
    if (show) this.#shows.set(address, show);
    if (node.VALUE && show) show(node.VALUE[0]);
    if (node.TYPE === "I") return made;
    const learn = element("button", { type: "button", class: "learn", hidden: true, "aria-label": `Learn ${nameOf(address)}` }, "learn");
    learn.addEventListener("click", () => {
      this.mark(nameOf(address), "waiting");
      this.instrument.ask("/riffsynth/learn", nameOf(address));
    });
    const label = element("label", { for: id, title: node.DESCRIPTION }, shown(node));
    const latency = element("small", { class: "latency", title: LATENCY[groupOf(node)] ?? "" });
    const name = element("span", { class: "name" }, label, latency);
    return element("div", { class: "control", "data-address": address, title: node.DESCRIPTION }, name, made, learn);
  }

  #widget(node, id) {
    const vals = node.RANGE?.[0]?.VALS;
    const range = node.RANGE?.[0];
    if (node.TYPE === "I") return [this.#trigger(node), null];
    if (node.TYPE === "T") return this.#toggle(node, id);
    if (vals) return this.#choice(node, id, vals);
    if (node.TYPE === "s") return this.#text(node, id);
    if (range && range.MAX - range.MIN < LARGE_RANGE) return this.#slider(node, id, range);
    return this.#number(node, id, range);
  }

  #trigger(node) {
    const button = element("button", { type: "button", class: "trigger", title: node.DESCRIPTION, "data-trigger": nameOf(node.FULL_PATH) }, shown(node));
    button.addEventListener("click", () => this.instrument.press(node.FULL_PATH));
    return button;
  }

  #toggle(node, id) {
    const button = element("button", { type: "button", id, role: "switch", class: "toggle", "aria-checked": "false", "aria-label": nameOf(node.FULL_PATH) });
    const show = (value) => button.setAttribute("aria-checked", String(Boolean(value)));
    button.addEventListener("click", () => {
      const value = button.getAttribute("aria-checked") !== "true";
      show(value);
      this.instrument.set(node.FULL_PATH, value);
    });
    return [button, show];
  }

  #choice(node, id, vals) {
    const select = element("select", { id });
    const show = (value) => {
      if (![...select.options].some((option) => option.value === value)) select.append(element("option", { value }, value || "–"));
      select.value = value;
    };
    select.append(...vals.map((value) => element("option", { value }, value)));
    select.addEventListener("change", () => this.instrument.set(node.FULL_PATH, select.value));
    return [select, show];
  }

  #text(node, id) {
    const input = element("input", { id, type: "text", autocomplete: "off", spellcheck: "false", enterkeyhint: "go" });
    return [input, bindText(this.instrument, input, node.FULL_PATH)];
  }

  #number(node, id, range) {
    const input = element("input", { id, type: "number", min: range?.MIN, max: range?.MAX, step: node.TYPE === "f" ? "any" : 1 });
    input.addEventListener("change", () => input.checkValidity() && this.instrument.set(node.FULL_PATH, Number(input.value)));
    const dice = element("button", { type: "button", class: "icon", title: "Another one", "aria-label": `Dice: another ${nameOf(node.FULL_PATH)}` }, "⚄");
    dice.addEventListener("click", () => this.instrument.set(node.FULL_PATH, Math.floor(Math.random() * 1e6)));
    const box = element("span", { class: "pair" }, input, dice);
    return [box, (value) => document.activeElement !== input && (input.value = value)];
  }

  #slider(node, id, { MIN, MAX }) {
    const whole = node.TYPE !== "f";
    const unit = unitOf(node);
    const input = element("input", { id, type: "range", min: MIN, max: MAX, step: whole ? 1 : "any" });
    const output = element("output", { for: id });
    const text = (value) => {
      output.value = `${digits(value)}${unit ? ` ${unit}` : ""}`;
      input.setAttribute("aria-valuetext", output.value);
      input.style.setProperty("--at", `${(100 * (value - MIN)) / (MAX - MIN)}%`);
    };
    const show = (value) => {
      input.value = value;
      text(value);
    };
    bindSlider(this.instrument, input, node.FULL_PATH, text);
    const box = element("span", { class: "pair slider" }, input, output);
    return [box, show];
  }

  #renew(node) {
    const old = this.root.querySelector(`.control[data-address="${node.FULL_PATH}"]`);
    if (old) old.replaceWith(this.#control(node));
  }
}

/** Makes a range input play `address`; what others do to it is not shown while a hand holds it. */
export function bindSlider(instrument, input, address, text) {
  input.addEventListener("pointerdown", () => instrument.hold(address));
  for (const end of ["pointerup", "pointercancel", "blur"]) input.addEventListener(end, () => instrument.release(address));
  input.addEventListener("input", () => {
    text(Number(input.value));
    instrument.set(address, Number(input.value));
  });
}

/** Makes a text input play `address` on Return; answers what shows a value. */
export function bindText(instrument, input, address) {
  let told = "";
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.isComposing) instrument.set(address, input.value);
    if (event.key === "Escape") {
      input.value = told;
      input.blur();
    }
  });
  input.addEventListener("input", () => input.classList.toggle("unsent", input.value !== told));
  return (value) => {
    const typing = document.activeElement === input && input.classList.contains("unsent") && value !== input.value;
    told = value;
    if (!typing) input.value = value;
    input.classList.toggle("unsent", input.value !== told);
  };
}
