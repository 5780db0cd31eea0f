/** Base64, in which JSON carries files. */

/** Return the bytes that a text stands for. Throws DOMException if it is no Base64. */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (one) => one.charCodeAt(0));
}
