// A link that holds this very moment: all values, in the part of the address that no server sees.

const KEY = "moment=";
const IN_PRESETS = "in presets";
const LAST_BEAT = 4096; // that a song can be sent to
const ELSEWHERE = ["clock", "strength", "guidance"]; // whose clock it is, and what both ends say already

/** `beat` is the song position of the moment. */
export function momentLink(instrument, beat) {
  const values = { locate: wrapped(beat) };
  for (const [address, node] of instrument.methods) {
    const name = address.replace("/riffsynth/", "");
    if (node.TYPE !== "I" && node.TAGS.includes(IN_PRESETS) && !ELSEWHERE.includes(name)) values[name] = instrument.values.get(address);
  }
  const bytes = new TextEncoder().encode(JSON.stringify(values));
  const text = btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  return `${location.origin}/#${KEY}${text}`;
}

/** A position that can be gone to; a long song's is folded by a multiple of most clips' loops. */
function wrapped(beat) {
  const longest = 3360;
  return Math.max(0, beat <= LAST_BEAT ? beat : beat % longest);
}

/** The values of a link by their addresses; null where it holds none. */
export function momentIn(hash) {
  if (!hash.startsWith(`#${KEY}`)) return null;
  try {
    const text = atob(hash.slice(1 + KEY.length).replaceAll("-", "+").replaceAll("_", "/"));
    const values = JSON.parse(new TextDecoder().decode(Uint8Array.from(text, (character) => character.charCodeAt(0))));
    return new Map(Object.entries(values).map(([name, value]) => [`/riffsynth/${name}`, value]));
  } catch {
    return null;
  }
}
