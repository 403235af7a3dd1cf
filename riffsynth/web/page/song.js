// Time and what is known of the song: the server's clock, the timeline, the columns heard and the ones ahead.

const RING = 1024; // columns kept, a power of two
const FLOOR = 255;
export const BANDS = 128;

const mel = (hz) => 2595 * Math.log10(1 + hz / 700);
const hertz = (mels) => 700 * (10 ** (mels / 2595) - 1);
const modulo = (value, by) => ((value % by) + by) % by;

/** Maps this browser's clock to the server's. Messages are only ever late, so the largest difference is the truest. */
export class ServerClock {
  #offset = null;

  hear(serverNow) {
    const offset = serverNow - performance.now() / 1000;
    if (this.#offset === null || Math.abs(offset - this.#offset) > 1) this.#offset = offset;
    else this.#offset += offset > this.#offset ? 0.3 * (offset - this.#offset) : -0.0002; // drift, slowly forgotten
  }

  now() {
    return performance.now() / 1000 + (this.#offset ?? 0);
  }
}

/** Columns by their number: what was heard, and, beyond `last`, what is expected. */
export class Song {
  heard = new Uint8Array(RING * BANDS);
  ahead = new Uint8Array(RING * BANDS);
  marks = new Uint8Array(RING); // 0, or a beat, or a bar
  last = -1; // number of the newest column heard
  columnS = 1024 / 44100;
  floorDb = -78;
  timeline = null;
  sounding = null;
  coming = null;
  meter = 4;
  alpha = 0;
  gainDb = 0;
  motion = { rate: 1, position: 0, at: 0, start: 0, loop: 0 }; // of the playhead through the clip
  #source = Float32Array.from({ length: BANDS }, (_, band) => band); // the clip's band that is heard in each, as pitch has it
  #clips = new Map();
  #power = new Float32Array(256);

  get ring() {
    return RING;
  }

  hello({ column_s: columnS, floor_db: floorDb, f_min: low, f_max: high }) {
    this.range = [low, high].map(mel);
    this.columnS = columnS;
    this.floorDb = floorDb;
    for (let level = 0; level < 256; level += 1) this.#power[level] = level ? 10 ** ((1 - level / FLOOR) * (floorDb / 10)) : 0;
    this.#clips.clear();
  }

  clip(key, beats, columns, levels) {
    this.#clips.set(key, { beats, columns, levels });
    if (this.#clips.size > 40) this.#clips.delete(this.#clips.keys().next().value);
  }

  /** Transposes what is ahead: the bands lie evenly on a mel scale. */
  set pitch(semitones) {
    if (!this.range) return;
    const [low, high] = this.range;
    const step = (high - low) / (BANDS - 1);
    const ratio = 2 ** (semitones / 12);
    for (let band = 0; band < BANDS; band += 1) this.#source[band] = (mel(hertz(low + band * step) / ratio) - low) / step;
  }

  known({ timeline, sounding, coming, motion }) {
    this.motion = motion;
    this.timeline = timeline;
    this.sounding = sounding;
    this.coming = coming;
  }

  /** Takes columns heard, the first at `time`; answers the numbers of the first and the one after the last. */
  take(time, columnS, columns, levels) {
    this.columnS = columnS;
    const first = Math.round(time / columnS);
    if (this.last >= 0 && first > this.last + 1 && first - this.last < RING) {
      for (let gap = this.last + 1; gap < first; gap += 1) this.#column(this.heard, gap).fill(0);
    } else if (first > this.last + RING || first < this.last - RING) this.heard.fill(0);
    for (let index = 0; index < columns; index += 1) {
      this.#column(this.heard, first + index).set(levels.subarray(index * BANDS, (index + 1) * BANDS));
    }
    if (columns) this.last = first + columns - 1;
    return [first, first + columns];
  }

  beat(time) {
    if (!this.timeline) return 0;
    const [at, beat, bps, playing] = this.timeline;
    return beat + (playing ? (time - at) * bps : 0);
  }

  /** The clip's beat at the song's `beat`, as freeze, speed, reverse and loops lead the playhead; not folded by the clip. */
  position(beat) {
    const { rate, position, at, start, loop } = this.motion;
    const led = position + rate * (beat - at);
    return loop > 0 ? start + modulo(led - start, loop) : led;
  }

  /** When the waiting deck enters, in seconds of the server's clock; null where none waits. */
  get entersAt() {
    if (!this.coming || !this.timeline?.[3] || this.timeline[2] <= 0) return null;
    return this.timeline[0] + (this.coming.at - this.timeline[1]) / this.timeline[2];
  }

  /** Draws the columns from the newest heard to `until` seconds as the decks say they will be, and marks beats. */
  expect(now, until) {
    const from = Math.max(this.last + 1, Math.floor(now / this.columnS) - 200);
    const to = Math.ceil(until / this.columnS);
    const powers = new Float32Array(BANDS);
    const gain = 10 ** (this.gainDb / 10);
    for (let number = from; number <= to; number += 1) {
      const column = this.#column(this.ahead, number);
      const time = number * this.columnS;
      if (!this.timeline?.[3]) {
        column.fill(0);
        continue;
      }
      const beat = this.beat(time);
      const position = this.position(beat);
      powers.fill(0);
      const fade = this.coming ? Math.min(1, Math.max(0, (beat - this.coming.at) / Math.max(this.coming.crossfade, 0.01))) : 0;
      if (this.sounding && fade < 1) this.#add(powers, this.sounding, position, (1 - fade) * gain);
      if (this.coming && fade > 0) this.#add(powers, this.coming, position, fade * gain);
      for (let band = 0; band < BANDS; band += 1) {
        const level = FLOOR * (1 - (10 * Math.log10(powers[band] + 1e-12)) / this.floorDb);
        column[band] = Math.max(0, Math.min(FLOOR, level));
      }
    }
    this.#mark(to);
  }

  #add(powers, deck, position, weight) {
    for (const [key, share] of this.#shares(deck.anchors)) {
      const clip = this.#clips.get(key);
      if (!clip || share <= 0) continue;
      const bars = Math.floor(clip.beats / this.meter + 1e-9);
      const looped = bars >= 1 ? bars * this.meter : clip.beats;
      const within = modulo(position, looped);
      const at = Math.min(clip.columns - 1, Math.floor((within / clip.beats) * clip.columns)) * BANDS;
      for (let band = 0; band < BANDS; band += 1) {
        const source = Math.round(this.#source[band]);
        if (source >= 0 && source < BANDS) powers[band] += weight * share * this.#power[clip.levels[at + source]];
      }
    }
  }

  /** [key, weight] of a deck's clips at the alpha of now. */
  #shares(anchors) {
    if (anchors.length === 1 || this.alpha <= anchors[0][0]) return [[anchors[0][1], 1]];
    for (let index = 1; index < anchors.length; index += 1) {
      const [[low, below], [high, above]] = [anchors[index - 1], anchors[index]];
      if (this.alpha <= high) {
        const part = (this.alpha - low) / Math.max(high - low, 1e-9);
        return [[below, 1 - part], [above, part]];
      }
    }
    return [[anchors[anchors.length - 1][1], 1]];
  }

  /** Beats of columns that have been passed stay where they were; those ahead follow the timeline. */
  #mark(to) {
    for (let number = Math.max(this.last - 8, to - RING + 1); number <= to; number += 1) {
      const beat = this.beat(number * this.columnS);
      const before = this.beat((number - 1) * this.columnS);
      const whole = Math.floor(beat + 1e-6);
      const crossed = this.timeline?.[3] && whole !== Math.floor(before + 1e-6);
      this.marks[number & (RING - 1)] = crossed ? (modulo(whole, this.meter) === 0 ? 255 : 110) : 0;
    }
  }

  #column(store, number) {
    const at = modulo(number, RING) * BANDS;
    return store.subarray(at, at + BANDS);
  }
}
