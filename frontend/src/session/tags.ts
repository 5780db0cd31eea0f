/** Tags such as [joy] steer the face; they are not words, so they are not shown. */

/** Return a text without those tags that the model of the character knows. */
export function withoutTags(text: string, emotions: Readonly<Record<string, unknown>>): string {
  const known = new Set(Object.keys(emotions).map((name) => name.toLowerCase()));
  return text.replace(/\[([^[\]]+)\][,，]?\s*/g, (tag, name: string) =>
    known.has(name.trim().toLowerCase()) ? "" : tag,
  );
}
