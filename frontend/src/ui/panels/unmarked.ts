/** What was said without the marks of Markdown, for a line of a list; pure. */

const LINK = /!?\[([^\]\n]*)\]\([^)\s]*\)/g;
const STRONG = /(\*\*|__|~~)(?=\S)([^\n]*?\S)\1/g;
const FENCE = /^ {0,3}(?:```|~~~).*$/gm;
const CODE = /`([^`\n]+)`/g;
const HEAD = /^ {0,3}(?:#{1,6}|>) +/gm;
const RULE_OF_TABLE = /^ {0,3}\|?(?: *:?-{2,}:? *\|)+(?: *:?-{2,}:? *)?$/gm;

/** Return a text as it is read; what is no mark stays as it was written. */
export function unmarked(text: string): string {
  return text
    .replace(FENCE, "")
    .replace(RULE_OF_TABLE, "")
    .replace(HEAD, "")
    .replace(LINK, "$1")
    .replace(CODE, "$1")
    .replace(STRONG, "$2");
}
