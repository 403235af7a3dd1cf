// The instrument as the page sees it: OSCQuery's tree and values, and the live picture. Connects again by itself.

import { bundle, decode, encode } from "./osc.js";

const RETRY_MS = 700;

/** Emits: `tree` (methods by address), `value` (address, value), `live` (object), `columns` (header, bytes), `connection`. */
export class Instrument extends EventTarget {
  methods = new Map();
  values = new Map();
  connected = false;
  #osc = null;
  #live = null;
  #pending = new Map();
  #held = new Map();

  start() {
    this.#connect();
  }

  /** Sends a value, at most once a frame for each address: the newest counts. */
  set(address, value) {
    const method = this.methods.get(address);
    if (!method) return;
    this.values.set(address, value);
    if (this.#pending.size === 0) requestAnimationFrame(() => this.#flush());
    this.#pending.set(address, encode(address, method.TYPE, value));
    this.#emit("value", { address, value, own: true });
  }

  /** Presses a trigger. */
  press(address) {
    this.#send(encode(address, "I"));
  }

  /** Sends something that is no parameter: a command with one text, or none. */
  ask(address, text = null) {
    this.#send(text === null ? encode(address) : encode(address, "s", text));
  }

  /** Sets many values as one. */
  setAll(values) {
    const packets = [];
    for (const [address, value] of values) {
      const method = this.methods.get(address);
      if (!method || method.TYPE === "I") continue;
      packets.push(encode(address, method.TYPE, value));
      this.values.set(address, value);
      this.#emit("value", { address, value, own: true });
    }
    this.#send(bundle(packets));
  }

  /** Asks the page's server for something: `record`, `stop`, `next`, or `queue` with all that waits. */
  do(what, more = {}) {
    if (this.#live?.readyState === WebSocket.OPEN) this.#live.send(JSON.stringify({ do: what, ...more }));
  }

  /** While a hand holds a control, what others do to it is not shown; what it was told meanwhile is shown after. */
  hold(address) {
    this.#held.set(address, undefined);
  }

  release(address) {
    const missed = this.#held.get(address);
    this.#held.delete(address);
    if (missed !== undefined) this.#take(address, missed);
  }

  async #connect() {
    try {
      const answer = await fetch("/", { headers: { Accept: "application/json" }, cache: "no-store" });
      if (answer.status === 403) throw Object.assign(new Error(await answer.text()), { refused: true });
      this.#read(await answer.json());
      await this.#open();
    } catch (error) {
      this.#state(false, error.refused ? error.message : "the instrument is away; trying again");
      setTimeout(() => this.#connect(), error.refused ? 10 * RETRY_MS : RETRY_MS);
    }
  }

  async #open() {
    const at = `ws://${location.host}`;
    this.#osc = new WebSocket(at + "/");
    this.#osc.binaryType = "arraybuffer";
    this.#osc.onmessage = ({ data }) => (typeof data === "string" ? this.#command(JSON.parse(data)) : this.#heard(data));
    await new Promise((resolve, reject) => {
      this.#osc.onopen = resolve;
      this.#osc.onerror = this.#osc.onclose = () => reject(new Error("closed"));
    });
    for (const path of this.methods.keys()) this.#osc.send(JSON.stringify({ COMMAND: "LISTEN", DATA: path }));
    this.#live = new WebSocket(at + "/live");
    this.#live.binaryType = "arraybuffer";
    this.#live.onmessage = ({ data }) => this.#onLive(data);
    let lost = false;
    const again = () => {
      if (lost) return;
      lost = true;
      this.#osc.close();
      this.#live.close();
      this.#state(false, "the instrument is away; trying again");
      setTimeout(() => this.#connect(), RETRY_MS);
    };
    this.#osc.onclose = this.#live.onclose = again;
    this.#osc.onerror = null;
    this.#state(true, "connected");
  }

  /** Takes the tree: its methods in their own units. */
  #read(root) {
    const known = [...this.methods.keys()].join();
    this.methods = new Map();
    const walk = (node) => {
      if (node.CONTENTS) {
        if (node.FULL_PATH !== "/riffsynth/norm") Object.values(node.CONTENTS).forEach(walk);
      } else this.methods.set(node.FULL_PATH, node);
    };
    walk(root);
    if ([...this.methods.keys()].join() !== known) this.#emit("tree", this.methods);
    for (const [path, node] of this.methods) if (node.VALUE) this.#take(path, node.VALUE[0]);
  }

  async #command({ COMMAND, DATA }) {
    if (COMMAND !== "PATH_CHANGED") return;
    const answer = await fetch(DATA, { headers: { Accept: "application/json" }, cache: "no-store" });
    if (!answer.ok) return;
    this.methods.set(DATA, await answer.json());
    this.#emit("node", this.methods.get(DATA));
  }

  #heard(data) {
    const { address, args } = decode(data);
    if (this.methods.has(address)) this.#take(address, args[0]);
    else this.#emit("live", { is: "said", address, args });
  }

  #take(address, value) {
    if (this.methods.get(address)?.TYPE === "I") return;
    if (this.#held.has(address)) {
      this.#held.set(address, value);
      return;
    }
    this.values.set(address, value);
    this.#emit("value", { address, value, own: false });
  }

  #onLive(data) {
    if (typeof data === "string") {
      this.#emit("live", JSON.parse(data));
      return;
    }
    const view = new DataView(data);
    const header = {
      kind: view.getUint8(0),
      columns: view.getUint16(2, true),
      key: view.getUint32(4, true),
      time: view.getFloat64(8, true),
      columnS: view.getFloat64(16, true),
      peak: view.getFloat32(24, true),
      db: view.getFloat32(28, true),
    };
    this.#emit("columns", { header, levels: new Uint8Array(data, 32) });
  }

  #flush() {
    for (const packet of this.#pending.values()) this.#send(packet);
    this.#pending.clear();
  }

  #send(packet) {
    if (this.#osc?.readyState === WebSocket.OPEN) this.#osc.send(packet);
  }

  #state(connected, text) {
    this.connected = connected;
    this.#emit("connection", { connected, text });
  }

  #emit(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}
