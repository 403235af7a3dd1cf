// The set list, the way between its presets, and snapshots.

import { bindSlider } from "./controls.js";
import { button, element } from "./element.js";

const SNAPSHOTS = 8;
const MORPH = "/riffsynth/morph";

const named = (preset) => preset.split(/[\\/]/).pop().replace(/\.ya?ml$/, "").replaceAll("-", " ");

export class SetList {
  presets = [];
  stored = [];
  storing = false;

  /** `root` holds the parts of index.html's set. */
  constructor(instrument, root) {
    this.instrument = instrument;
    this.list = root.querySelector("ol");
    this.slider = root.querySelector("#morph");
    this.text = root.querySelector("#morph-text");
    this.pads = root.querySelector(".pads");
    this.store = root.querySelector("#store");
    bindSlider(instrument, this.slider, MORPH, (place) => this.#write(place));
    this.store.addEventListener("click", () => this.#arm(!this.storing));
    this.pads.append(...Array.from({ length: SNAPSHOTS }, (_, at) => button(at + 1, () => this.snapshot(at + 1))));
    instrument.addEventListener("value", ({ detail: { address } }) => {
      if (address === MORPH || address === "/riffsynth/preset" || address === "/riffsynth/snapshot") this.#mark();
    });
  }

  /** Recalls a snapshot, or stores it where that was asked for. */
  snapshot(number) {
    this.instrument.set(this.storing ? "/riffsynth/snapshot_store" : "/riffsynth/snapshot", number);
    this.#arm(false);
  }

  show({ presets, snapshots }) {
    if (presets.join("\n") !== this.presets.join("\n")) {
      this.presets = presets;
      this.list.replaceChildren(...presets.map((preset, place) => element("li", {}, button(named(preset), () => this.#go(place)))));
      this.slider.max = Math.max(presets.length - 1, 0);
      this.slider.disabled = presets.length < 2;
    }
    this.stored = snapshots;
    this.#mark();
  }

  /** The whole preset at once, with its first clip; where a morph takes beats, the walk there. */
  #go(place) {
    if (this.instrument.values.get("/riffsynth/morph_beats") > 0) this.instrument.set(MORPH, place);
    else this.instrument.set("/riffsynth/preset", this.presets[place]);
  }

  #arm(on) {
    this.storing = on;
    this.#mark();
  }

  #mark() {
    const { values } = this.instrument;
    const place = values.get(MORPH) ?? 0;
    if (document.activeElement !== this.slider) this.slider.value = place;
    this.#write(place);
    [...this.list.children].forEach(({ firstChild }, at) => firstChild.setAttribute("aria-current", Math.abs(at - place) < 0.005 ? "true" : "false"));
    this.store.setAttribute("aria-pressed", this.storing);
    [...this.pads.children].forEach((pad, at) => {
      const there = this.stored.includes(at + 1);
      pad.classList.toggle("stored", there);
      pad.disabled = !there && !this.storing;
      pad.setAttribute("aria-pressed", values.get("/riffsynth/snapshot") === at + 1);
      pad.setAttribute("aria-label", this.storing ? `Store snapshot ${at + 1}` : `Snapshot ${at + 1}`);
    });
  }

  #write(place) {
    const at = Math.min(Math.floor(place), this.presets.length - 1);
    const part = place - at;
    const [here, next] = [this.presets[at], this.presets[at + 1]];
    this.text.value = here === undefined ? "–" : part > 0.004 && next !== undefined ? `${named(here)} ⇢ ${named(next)}, ${Math.round(100 * part)} %` : named(here);
    this.slider.setAttribute("aria-valuetext", this.text.value);
    this.slider.style.setProperty("--at", `${(100 * place) / Math.max(this.presets.length - 1, 1)}%`);
  }
}
