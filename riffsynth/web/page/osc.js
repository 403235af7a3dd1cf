// OSC 1.0 packets: what this page sends and reads.

const encoder = new TextEncoder();
const decoder = new TextDecoder();

const padded = (bytes) => {
  const out = new Uint8Array((bytes.length + 4) & ~3);
  out.set(bytes);
  return out;
};

function joined(parts) {
  const out = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

function number(tag, value) {
  const out = new DataView(new ArrayBuffer(tag === "h" ? 8 : 4));
  if (tag === "f") out.setFloat32(0, value);
  else if (tag === "h") out.setBigInt64(0, BigInt(value));
  else out.setInt32(0, value);
  return new Uint8Array(out.buffer);
}

/** A packet with one message. `tag` is OSCQuery's TYPE: f, i, h, s, T (a boolean) or I (a bang); "" has no argument. */
export function encode(address, tag = "", value = null) {
  const sent = tag === "T" ? (value ? "T" : "F") : tag;
  const parts = [padded(encoder.encode(address)), padded(encoder.encode("," + sent))];
  if (tag === "s") parts.push(padded(encoder.encode(value)));
  else if ("fih".includes(tag) && tag) parts.push(number(tag, value));
  return joined(parts);
}

/** A bundle whose packets are applied at once and as one. */
export function bundle(packets) {
  const now = new Uint8Array([0, 0, 0, 0, 0, 0, 0, 1]);
  const sized = packets.flatMap((packet) => [number("i", packet.length), packet]);
  return joined([padded(encoder.encode("#bundle")), now, ...sized]);
}

/** {address, args} of a packet with one message. */
export function decode(buffer) {
  const view = new DataView(buffer);
  let at = 0;
  const text = () => {
    let end = at;
    while (view.getUint8(end) !== 0) end += 1;
    const found = decoder.decode(new Uint8Array(buffer, at, end - at));
    at = (end + 4) & ~3;
    return found;
  };
  const readers = {
    f: () => view.getFloat32((at += 4) - 4),
    d: () => view.getFloat64((at += 8) - 8),
    i: () => view.getInt32((at += 4) - 4),
    h: () => Number(view.getBigInt64((at += 8) - 8)),
    s: text,
    T: () => true,
    F: () => false,
    I: () => true,
    N: () => null,
  };
  const address = text();
  const args = [...(at < buffer.byteLength ? text().slice(1) : "")].map((tag) => readers[tag]?.());
  return { address, args };
}
