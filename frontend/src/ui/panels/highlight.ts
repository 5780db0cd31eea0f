/** Where in a text the words that were searched for are. */

import { fold } from "../../session/places";

export interface Piece {
  readonly text: string;
  readonly isHit: boolean;
}

/** Return the text in pieces, those that match `query` marked. Joined they are the text. */
export function highlight(text: string, query: string): Piece[] {
  const wanted = fold(query.trim());
  const characters = [...text];
  // Folding can change how many characters there are; so each knows where its folding begins.
  const folded = characters.map(fold);
  const starts: number[] = [];
  let length = 0;
  for (const part of folded) {
    starts.push(length);
    length += part.length;
  }
  const whole = folded.join("");
  const isHit = characters.map(() => false);
  for (let at = wanted ? whole.indexOf(wanted) : -1; at >= 0;) {
    const end = at + wanted.length;
    starts.forEach((start, index) => {
      if (start < end && start + (folded[index]?.length ?? 0) > at) isHit[index] = true;
    });
    at = whole.indexOf(wanted, end);
  }
  return grouped(characters, isHit);
}

/** Return a part of `text` of about `length` characters, in which the first hit can be seen. */
export function excerpt(text: string, query: string, length: number): string {
  const flat = text.replace(/\s+/g, " ").trim();
  const before = highlight(flat, query)[0];
  const lead = !before || before.isHit ? 0 : [...before.text].length;
  const characters = [...flat];
  const isFar = query.trim() !== "" && lead > length / 2 && lead < characters.length;
  const start = isFar ? lead - Math.floor(length / 4) : 0;
  const cut = characters.slice(start, start + length).join("");
  return (start ? "…" : "") + cut + (start + length < characters.length ? "…" : "");
}

function grouped(characters: readonly string[], isHit: readonly boolean[]): Piece[] {
  const pieces: { text: string; isHit: boolean }[] = [];
  characters.forEach((character, index) => {
    const last = pieces.at(-1);
    const hit = isHit[index] ?? false;
    if (last?.isHit === hit) last.text += character;
    else pieces.push({ text: character, isHit: hit });
  });
  return pieces;
}
