// Prompts that are lined up. The server keeps the queue, one for all pages; a hand's change is sent as a whole.

import { button, element } from "./element.js";

const BARS = [0, 1, 2, 4, 8, 16];

export class Queue {
  waiting = [];
  bars = 4;
  #dragged = null;

  /** `root` holds the parts of index.html's queue. */
  constructor(instrument, root) {
    this.instrument = instrument;
    this.list = root.querySelector("ol");
    const form = root.querySelector("form");
    const [text, end, bars] = ["text", "end", "bars"].map((name) => form.elements[name]);
    bars.append(...BARS.map((count) => element("option", { value: count }, count ? `every ${count} bar${count > 1 ? "s" : ""}` : "by hand")));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.add(end.value, text.value);
      text.value = "";
    });
    bars.addEventListener("change", () => this.#send(this.waiting, Number(bars.value)));
    form.elements.now.addEventListener("click", () => instrument.do("next"));
    this.shown = () => {
      if (!BARS.includes(this.bars)) bars.append(element("option", { value: this.bars }, `every ${this.bars} bars`));
      bars.value = this.bars;
      form.elements.now.disabled = this.waiting.length === 0;
    };
  }

  add(end, text) {
    if (text.trim()) this.#send([...this.waiting, { end, text: text.trim() }]);
  }

  /** Shows what the server told. */
  show({ waiting, bars }) {
    const held = [...this.list.querySelectorAll("button")].indexOf(document.activeElement);
    Object.assign(this, { waiting, bars });
    this.list.replaceChildren(...waiting.map((entry, place) => this.#item(entry, place)));
    this.list.querySelectorAll("button")[held]?.focus(); // a hand on the keys goes on where it was
    this.shown();
  }

  #item(entry, place) {
    const { end, text } = entry;
    const other = end === "a" ? "b" : "a";
    const item = element(
      "li",
      { draggable: "true" },
      button(end.toUpperCase(), () => this.#put(place, { end: other, text }), { class: end, label: `“${text}” is for ${end.toUpperCase()}: change to ${other.toUpperCase()}` }),
      element("span", {}, text),
      button("‹", () => this.#move(place, place - 1), { label: `“${text}” earlier`, disabled: place === 0 }),
      button("›", () => this.#move(place, place + 1), { label: `“${text}” later`, disabled: place === this.waiting.length - 1 }),
      button("×", () => this.#send(this.waiting.filter((_, at) => at !== place)), { label: `Drop “${text}”` }),
    );
    item.addEventListener("dragstart", () => (this.#dragged = place));
    item.addEventListener("dragover", (event) => this.#dragged !== null && event.preventDefault());
    item.addEventListener("drop", (event) => {
      event.preventDefault();
      if (this.#dragged !== null) this.#move(this.#dragged, place);
      this.#dragged = null;
    });
    return item;
  }

  #put(place, entry) {
    this.#send(this.waiting.with(place, entry));
  }

  #move(from, to) {
    const waiting = [...this.waiting];
    waiting.splice(to, 0, ...waiting.splice(from, 1));
    this.#send(waiting);
  }

  #send(waiting, bars = this.bars) {
    this.instrument.do("queue", { waiting, bars });
  }
}
