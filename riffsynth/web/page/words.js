// Prompts that the dice throws: words that the model inside was made for.

const SPEED = ["slow", "relaxed", "driving", "fast", "half-time"];
const LEAD = [
  "four on the floor kick, house drums", "funk drums and slap bass", "dub bass, half-time drums", "solo double bass, walking",
  "warm string pad, no drums", "bright church organ", "piano chords, major key", "electric piano, minor key", "acid bass line",
  "hi-hats and cymbals only", "music box melody", "vibraphone and brushed drums", "synth arpeggio, techno drums",
  "jazz trio, upright bass", "brass stabs and funk drums", "clean guitar, soul groove", "choir pad, slow",
];

const one = (list) => list[Math.floor(Math.random() * list.length)];

export const thrown = () => (Math.random() < 0.4 ? `${one(SPEED)} ${one(LEAD)}` : one(LEAD));
