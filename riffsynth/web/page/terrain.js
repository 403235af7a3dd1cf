// The 3D timeline: time runs from left to right, pitch into the depth, loudness is height. WebGL 2, one mesh.

import { BANDS } from "./song.js";

const DEPTH = 3.1; // of the pitch axis, in the world's units
const HEIGHT = 1.25;
const FARTHEST = { past: 17, ahead: 7.3 }; // seconds, however wide the screen
const WIDE = { unitsASecond: 0.62, playheadX: 0.85, eye: [0, 2.7, 2.95], to: [0, 0.22, -1.12], angle: 40 };
const TALL = { unitsASecond: 0.34, playheadX: 0.3, eye: [0, 2.6, 3.4], to: [0, 0.1, -1.3], angle: 50 };
const SLOW_FRAME_MS = 45;

const VERTEX = `#version 300 es
precision highp float; precision highp int; precision highp sampler2D;
uniform sampler2D heard, ahead, marks;
uniform mat4 view;
uniform int first, last, ring, bands, columnStep, bandStep, columns;
uniform float columnS, now, unitsASecond, playheadX, height, depth, edgeL, edgeR;
out float level; out float future; out float mark; out float x; out float z; out vec3 normal;
float at(int column, int band) {
  ivec2 where = ivec2(clamp(band, 0, bands - 1), ((column % ring) + ring) % ring);
  float v = texelFetch(heard, where, 0).r;
  return column > last ? texelFetch(ahead, where, 0).r : v;
}
float lift(float v) { return pow(v, 1.7) * height; }
void main() {
  int rows = (bands - 1) / bandStep + 1;
  int column = first + (gl_VertexID / rows) * columnStep;
  column -= ((column % columnStep) + columnStep) % columnStep;
  int band = (gl_VertexID % rows) * bandStep;
  float t = float(column - int(floor(now / columnS))) * columnS - fract(now / columnS) * columnS;
  level = at(column, band);
  future = column > last ? 1.0 : 0.0;
  mark = 0.0;
  for (int i = 0; i < columnStep; i++) mark = max(mark, texelFetch(marks, ivec2((((column + i) % ring) + ring) % ring, 0), 0).r);
  x = t * unitsASecond + playheadX;
  z = -depth * float(band) / float(bands - 1);
  float edge = smoothstep(edgeL, edgeL + 0.8, x) * (1.0 - smoothstep(edgeR - 0.8, edgeR, x));
  float h = lift(level) * edge * smoothstep(-1.0, 5.0, float(band)); // the front edge lies on the ground
  float dx = lift(at(column + columnStep, band)) - lift(at(column - columnStep, band));
  float dz = lift(at(column, band + bandStep)) - lift(at(column, band - bandStep));
  float sx = 2.0 * columnS * float(columnStep) * unitsASecond;
  float sz = 2.0 * depth * float(bandStep) / float(bands - 1);
  normal = normalize(vec3(-dx / sx, 1.0, dz / sz));
  gl_Position = view * vec4(x, h, z, 1.0);
}`;

const FRAGMENT = `#version 300 es
precision highp float;
in float level; in float future; in float mark; in float x; in float z; in vec3 normal;
uniform float playheadX, edgeL, edgeR, depth, entersX, leavesX, pulse;
uniform vec3 tint;
out vec4 colour;
vec3 warm(float v) {
  vec3 c = mix(vec3(0.030, 0.022, 0.060), vec3(0.215, 0.070, 0.360), smoothstep(0.05, 0.38, v));
  c = mix(c, vec3(0.690, 0.160, 0.410), smoothstep(0.30, 0.58, v));
  c = mix(c, vec3(0.985, 0.470, 0.230), smoothstep(0.52, 0.76, v));
  return mix(c, vec3(1.0, 0.930, 0.700), smoothstep(0.74, 0.97, v));
}
vec3 cool(float v) {
  vec3 c = mix(vec3(0.020, 0.026, 0.050), vec3(0.050, 0.150, 0.300), smoothstep(0.05, 0.42, v));
  c = mix(c, vec3(0.090, 0.400, 0.560), smoothstep(0.34, 0.64, v));
  return mix(c, vec3(0.560, 0.900, 0.950), smoothstep(0.62, 0.95, v));
}
void main() {
  float f = max(future, smoothstep(-0.02, 0.05, x - playheadX));
  vec3 c = mix(warm(level), cool(level) * 0.82, f);
  float fresh = smoothstep(entersX - 0.02, max(leavesX, entersX + 0.02), x);
  c = mix(c, c * 0.75 + tint * (0.10 + 0.55 * level), fresh * f);
  float light = dot(normalize(normal), normalize(vec3(-0.45, 0.85, 0.5)));
  c *= 0.52 + 0.62 * max(light, 0.0);
  c += vec3(1.0, 0.8, 0.6) * pow(max(light, 0.0), 14.0) * level * 0.28 * (1.0 - 0.7 * f);
  c += mark * mix(vec3(0.55, 0.42, 0.62), vec3(0.30, 0.52, 0.66), f) * (0.10 + 0.55 * mark);
  float d = x - playheadX;
  c += vec3(1.0, 0.62, 0.36) * (exp(-d * d * 900.0) * 0.95 + exp(-d * d * 18.0) * 0.13 * (1.0 + pulse));
  float edge = smoothstep(edgeL, edgeL + 1.3, x) * (1.0 - smoothstep(edgeR - 1.5, edgeR, x));
  float far = 1.0 - 0.5 * smoothstep(0.4, 1.0, -z / depth);
  colour = vec4(mix(vec3(0.031, 0.027, 0.051), c, edge * far), 1.0);
}`;

function shader(gl, type, source) {
  const made = gl.createShader(type);
  gl.shaderSource(made, source);
  gl.compileShader(made);
  if (!gl.getShaderParameter(made, gl.COMPILE_STATUS)) throw new Error(gl.getShaderInfoLog(made));
  return made;
}

/** Draws a Song. Throws where there is no WebGL 2. */
export class Terrain {
  entersAt = null;
  crossfadeS = 0;
  pulse = 0;
  frames = 0;
  #step = 1;
  #slow = 0;
  #before = 0;
  camera = WIDE;

  constructor(canvas, song) {
    this.canvas = canvas;
    this.song = song;
    this.gl = canvas.getContext("webgl2", { antialias: true, alpha: false, powerPreference: "high-performance" });
    if (!this.gl) throw new Error("no WebGL 2");
    this.#build();
    canvas.addEventListener("webglcontextlost", (event) => event.preventDefault());
    canvas.addEventListener("webglcontextrestored", () => this.#build());
  }

  #build() {
    const { gl } = this;
    this.program = gl.createProgram();
    gl.attachShader(this.program, shader(gl, gl.VERTEX_SHADER, VERTEX));
    gl.attachShader(this.program, shader(gl, gl.FRAGMENT_SHADER, FRAGMENT));
    gl.linkProgram(this.program);
    if (!gl.getProgramParameter(this.program, gl.LINK_STATUS)) throw new Error(gl.getProgramInfoLog(this.program));
    this.at = new Proxy({}, { get: (known, name) => (known[name] ??= gl.getUniformLocation(this.program, name)) });
    this.textures = ["heard", "ahead", "marks"].map((name, unit) => {
      const texture = gl.createTexture();
      gl.activeTexture(gl.TEXTURE0 + unit);
      gl.bindTexture(gl.TEXTURE_2D, texture);
      const [width, rows] = name === "marks" ? [this.song.ring, 1] : [BANDS, this.song.ring];
      gl.texStorage2D(gl.TEXTURE_2D, 1, gl.R8, width, rows);
      gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.NEAREST);
      gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, gl.NEAREST);
      return texture;
    });
    gl.bindVertexArray(gl.createVertexArray());
    this.elements = gl.createBuffer();
    gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, this.elements);
    gl.enable(gl.DEPTH_TEST);
    this.indexed = "";
  }

  /** A pixel's place (CSS pixels) for a moment `t` seconds after now, at `depth` 0..1 and `height` 0..1. */
  project(t, depth = 0, height = 0) {
    const p = [t * this.camera.unitsASecond + this.camera.playheadX, height * HEIGHT, -DEPTH * depth, 1];
    const m = this.view;
    const [x, y, , w] = [0, 1, 2, 3].map((row) => m[row] * p[0] + m[row + 4] * p[1] + m[row + 8] * p[2] + m[row + 12]);
    return [((x / w + 1) / 2) * this.canvas.clientWidth, ((1 - y / w) / 2) * this.canvas.clientHeight];
  }

  /** Every so many columns and bands are drawn: 1, 2 or 4. */
  get step() {
    return this.#step;
  }

  get pastS() {
    return this.reachL ? (this.camera.playheadX - this.reachL) / this.camera.unitsASecond : FARTHEST.past;
  }

  get aheadS() {
    return this.reachR ? (this.reachR - this.camera.playheadX) / this.camera.unitsASecond : FARTHEST.ahead;
  }

  draw(now) {
    const { gl, song } = this;
    this.#resize();
    const { columnS } = song;
    const first = Math.floor((now - this.pastS) / columnS);
    const step = this.#step;
    const columns = Math.min(Math.ceil((this.pastS + this.aheadS) / columnS / step) + 2, Math.floor(song.ring / step) - 2);
    const rows = Math.floor((BANDS - 1) / step) + 1;
    this.#index(columns, rows);
    this.#upload(0, song.heard, BANDS, song.ring);
    this.#upload(1, song.ahead, BANDS, song.ring);
    this.#upload(2, song.marks, song.ring, 1);
    gl.viewport(0, 0, this.canvas.width, this.canvas.height);
    gl.clearColor(0.031, 0.027, 0.051, 1);
    gl.clear(gl.COLOR_BUFFER_BIT | gl.DEPTH_BUFFER_BIT);
    gl.useProgram(this.program);
    ["heard", "ahead", "marks"].forEach((name, unit) => gl.uniform1i(this.at[name], unit));
    gl.uniformMatrix4fv(this.at.view, false, this.view);
    // Whole columns and the rest apart: seconds since the machine started are too many for a shader's floats.
    const whole = Math.floor(now / columnS);
    for (const [name, value] of Object.entries({
      first: first - (whole - (whole % song.ring)), last: song.last - (whole - (whole % song.ring)), ring: song.ring,
      bands: BANDS, columnStep: step, bandStep: step, columns,
    })) gl.uniform1i(this.at[name], value);
    const { unitsASecond, playheadX } = this.camera;
    const enters = this.entersAt === null ? 1e6 : (this.entersAt - now) * unitsASecond + playheadX;
    for (const [name, value] of Object.entries({
      columnS, now: (now / columnS - (whole - (whole % song.ring))) * columnS, unitsASecond,
      playheadX, height: HEIGHT, depth: DEPTH, edgeL: this.reachL, edgeR: this.reachR, entersX: enters,
      leavesX: enters + this.crossfadeS * unitsASecond, pulse: this.pulse,
    })) gl.uniform1f(this.at[name], value);
    gl.uniform3f(this.at.tint, 0.35, 0.95, 0.75);
    gl.drawElements(gl.TRIANGLES, this.count, gl.UNSIGNED_INT, 0);
    this.frames += 1;
    this.#adapt();
  }

  #upload(unit, data, width, height) {
    const { gl } = this;
    gl.activeTexture(gl.TEXTURE0 + unit);
    gl.texSubImage2D(gl.TEXTURE_2D, 0, 0, 0, width, height, gl.RED, gl.UNSIGNED_BYTE, data);
  }

  #index(columns, rows) {
    const wanted = `${columns}x${rows}`;
    if (this.indexed === wanted) return;
    this.indexed = wanted;
    const index = new Uint32Array((columns - 1) * (rows - 1) * 6);
    let at = 0;
    for (let column = 0; column < columns - 1; column += 1) {
      for (let row = 0; row < rows - 1; row += 1) {
        const corner = column * rows + row;
        index.set([corner, corner + rows, corner + 1, corner + 1, corner + rows, corner + rows + 1], at);
        at += 6;
      }
    }
    this.count = index.length;
    this.gl.bufferData(this.gl.ELEMENT_ARRAY_BUFFER, index, this.gl.STATIC_DRAW);
  }

  #resize() {
    const ratio = Math.min(devicePixelRatio || 1, this.#step > 1 ? 1 : 2);
    const width = Math.max(1, Math.round(this.canvas.clientWidth * ratio));
    const height = Math.max(1, Math.round(this.canvas.clientHeight * ratio));
    if (this.canvas.width === width && this.canvas.height === height && this.view) return;
    this.canvas.width = width;
    this.canvas.height = height;
    this.#look(width / height);
  }

  /** The camera, and how far it sees at the front edge. */
  #look(aspect) {
    this.camera = aspect < 1 ? TALL : WIDE;
    const { eye, to, angle, playheadX, unitsASecond } = this.camera;
    const scale = 1 / Math.tan((angle * Math.PI) / 360);
    const sub = (a, b) => a.map((value, index) => value - b[index]);
    const unit = (a) => a.map((value) => value / Math.hypot(...a));
    const cross = (a, b) => [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
    const dot = (a, b) => a.reduce((sum, value, index) => sum + value * b[index], 0);
    const back = unit(sub(eye, to));
    const right = unit(cross([0, 1, 0], back));
    const up = cross(back, right);
    const [near, far] = [0.1, 40];
    const project = [scale / aspect, 0, 0, 0, 0, scale, 0, 0, 0, 0, (far + near) / (near - far), -1, 0, 0, (2 * far * near) / (near - far), 0];
    const move = [right[0], up[0], back[0], 0, right[1], up[1], back[1], 0, right[2], up[2], back[2], 0, -dot(right, eye), -dot(up, eye), -dot(back, eye), 1];
    const view = new Float32Array(16);
    for (let column = 0; column < 4; column += 1) {
      for (let row = 0; row < 4; row += 1) {
        for (let k = 0; k < 4; k += 1) view[column * 4 + row] += project[k * 4 + row] * move[column * 4 + k];
      }
    }
    this.view = view;
    // A little more than is seen at the middle of the depth.
    const half = (aspect / scale) * Math.hypot(eye[1], eye[2] + 0.55 * DEPTH) * 1.02;
    this.reachL = Math.max(-half, playheadX - FARTHEST.past * unitsASecond);
    this.reachR = Math.min(half, playheadX + FARTHEST.ahead * unitsASecond);
  }

  /** A machine that is too slow for the full mesh gets a coarser one. */
  #adapt() {
    const time = performance.now();
    const took = time - this.#before;
    this.#before = time;
    if (took > 500) return;
    this.#slow = took > SLOW_FRAME_MS ? this.#slow + 1 : Math.max(0, this.#slow - 0.5);
    if (this.#slow > 30 && this.#step < 4) {
      this.#step *= 2;
      this.#slow = 0;
      this.view = null;
    }
  }
}
