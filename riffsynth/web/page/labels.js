// What is written on the timeline: bars, the playhead, and what comes.

const AMBER = "#ffb27a";
const MINT = "#8af0cf";
const QUIET = "rgba(214, 204, 232, 0.62)";

export class Labels {
  prompt = "";

  constructor(canvas, song, terrain) {
    this.canvas = canvas;
    this.song = song;
    this.terrain = terrain;
    this.pen = canvas.getContext("2d");
  }

  draw(now, generating) {
    const { canvas, pen, song, terrain } = this;
    const ratio = Math.min(devicePixelRatio || 1, 2);
    const [width, height] = [canvas.clientWidth, canvas.clientHeight];
    if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
      canvas.width = Math.round(width * ratio);
      canvas.height = Math.round(height * ratio);
    }
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.clearRect(0, 0, width, height);
    this.size = Math.max(11, Math.min(20, height / 42));
    this.#bars(now);
    this.#playhead();
    if (song.entersAt !== null && song.entersAt > now) this.#entry(song.entersAt - now);
    else if (generating && song.timeline?.[3]) this.#making(now);
  }

  /** On a phone the prompts stand right below; the picture is left free. */
  get #roomy() {
    return this.canvas.clientWidth > 620;
  }

  #bars(now) {
    const { pen, song, terrain } = this;
    if (!song.timeline?.[3] || song.timeline[2] <= 0) return;
    const bps = song.timeline[2];
    const here = song.beat(now);
    const [from, to] = [here - terrain.pastS * bps, here + terrain.aheadS * bps];
    pen.textAlign = "center";
    pen.font = `500 ${this.size}px ui-sans-serif, system-ui, sans-serif`;
    for (let bar = Math.max(0, Math.ceil(from / song.meter)); bar * song.meter <= to; bar += 1) {
      const t = (bar * song.meter - here) / bps;
      const [x, y] = terrain.project(t, 0, 0);
      if (x < 20 || x > this.canvas.clientWidth - 20) continue;
      pen.fillStyle = QUIET;
      pen.fillText(String(bar + 1), x, y + this.size * 1.5);
    }
  }

  #playhead() {
    const { pen, terrain } = this;
    const [x0, y0] = terrain.project(0, 0, 0);
    const [x1, y1] = terrain.project(0, 0, 0.86);
    const line = pen.createLinearGradient(x0, y0, x1, y1);
    line.addColorStop(0, AMBER);
    line.addColorStop(1, "rgba(255, 178, 122, 0)");
    this.#line([x0, y0 + 4], [x1, y1], line, 2);
    pen.fillStyle = AMBER;
    pen.beginPath();
    pen.moveTo(x0 - 6, y0 + 12);
    pen.lineTo(x0 + 6, y0 + 12);
    pen.lineTo(x0, y0 + 4);
    pen.fill();
  }

  /** The clip that waits: a gate over the whole depth where it enters. */
  #entry(t) {
    const { pen, terrain } = this;
    if (t > terrain.aheadS) return;
    const corners = [terrain.project(t, 0, 0), terrain.project(t, 0, 0.7), terrain.project(t, 1, 0.7), terrain.project(t, 1, 0)];
    pen.beginPath();
    corners.forEach(([x, y], index) => (index ? pen.lineTo(x, y) : pen.moveTo(x, y)));
    pen.closePath();
    pen.fillStyle = "rgba(138, 240, 207, 0.05)";
    pen.fill();
    this.#line(corners[0], corners[1], MINT, 1.5);
    this.#line(corners[1], corners[2], "rgba(138, 240, 207, 0.35)", 1);
    this.#sign(corners[1], `in ${t.toFixed(1)} s`, this.#roomy ? this.prompt : "");
  }

  /** The model is at work: a sign at the next bar, where what it makes will enter at the earliest. */
  #making(now) {
    const { song, terrain } = this;
    const bps = song.timeline[2];
    const here = song.beat(now);
    const t = Math.min(terrain.aheadS * 0.8, (Math.ceil(here / song.meter + 0.05) * song.meter - here) / bps);
    const [foot, top] = [terrain.project(t, 0, 0), terrain.project(t, 0, 0.55)];
    this.pen.setLineDash([3, 5]);
    this.#line(foot, top, "rgba(138, 240, 207, 0.6)", 1.2);
    this.pen.setLineDash([]);
    this.#sign(top, "being made", this.#roomy ? this.prompt : "");
  }

  #sign([x, y], small, large) {
    const { pen, size } = this;
    const room = this.canvas.clientWidth - 16;
    pen.font = `600 ${size * 1.05}px ui-sans-serif, system-ui, sans-serif`;
    let shown = large.slice(0, 60);
    while (shown.length > 8 && pen.measureText(`${shown}…`).width > Math.min(room, size * 26)) shown = shown.slice(0, -1);
    if (shown !== large) shown += "…";
    const wide = pen.measureText(shown).width;
    pen.textAlign = "left";
    const left = Math.max(8, Math.min(x + 8, room - Math.max(wide, size * 5)));
    pen.fillStyle = "rgba(8, 7, 13, 0.62)";
    pen.fillRect(left - 6, y - size * 2.5, Math.max(wide, size * 5) + 12, size * (large ? 2.8 : 1.5));
    pen.fillStyle = MINT;
    pen.fillText(shown, left, y - size * 0.2);
    pen.font = `500 ${size * 0.85}px ui-sans-serif, system-ui, sans-serif`;
    pen.fillStyle = "rgba(138, 240, 207, 0.75)";
    pen.fillText(small, left, y - size * 1.45);
  }

  #line([x0, y0], [x1, y1], style, width) {
    const { pen } = this;
    pen.strokeStyle = style;
    pen.lineWidth = width;
    pen.beginPath();
    pen.moveTo(x0, y0);
    pen.lineTo(x1, y1);
    pen.stroke();
  }
}
