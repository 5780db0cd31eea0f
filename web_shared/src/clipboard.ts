/** The clipboard, on pages that are not secure, too. */

/** Put a text on the clipboard; false if the browser does not let the page. */
export async function copied(text: string): Promise<boolean> {
  try {
    if (!navigator.clipboard) return copiedFromField(text);
    await navigator.clipboard.writeText(text);
    return true;
  } catch (error) {
    console.warn("The browser does not let the page copy.", error);
    return false;
  }
}

/** Only secure pages have the clipboard; what is selected can be copied everywhere. */
function copiedFromField(text: string): boolean {
  const focused = document.activeElement;
  const field = document.createElement("textarea");
  field.className = "visually-hidden";
  field.readOnly = true; // no keyboard comes up for it
  field.value = text;
  document.body.append(field);
  try {
    field.select();
    return document.execCommand("copy");
  } finally {
    field.remove();
    if (focused instanceof HTMLElement) focused.focus({ preventScroll: true });
  }
}
