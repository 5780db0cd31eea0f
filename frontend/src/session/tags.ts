/** Tags such as [joy] steer the face; they are not words, so they are not shown. */

const TAG = /\[([^[\]]+)\][,，]?\s*/g;
/** Behind a word and before what ends its sentence: the space, or the comma, goes with it. */
const LAST_TAG = /(?<=[\p{L}\p{N}])[,，]?\s*\[([^[\]]+)\]\s*(?=[.!?。！？…])/gu;

/** Return a text without those tags that the model of the character knows. */
export function withoutTags(text: string, emotions: Readonly<Record<string, unknown>>): string {
  const known = new Set(Object.keys(emotions).map((name) => name.toLowerCase()));
  const without = (tag: string, name: string): string =>
    known.has(name.trim().toLowerCase()) ? "" : tag;
  return text.replace(LAST_TAG, without).replace(TAG, without);
}
