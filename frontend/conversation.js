// @ts-check
/** What the person sees: the bubbles of the conversation, and notices of what failed. */

const MOST_NOTICES = 3;
const NEAR_END_PX = 80;

export class Conversation {
  #log;
  /** @type {HTMLElement | undefined} the bubble that the answer is added to */
  #bubble;

  /** @param {HTMLElement} log */
  constructor(log) {
    this.#log = log;
  }

  /** @param {string} text */
  human(text) {
    this.#append("bubble human").textContent = text;
    this.#log.scrollTop = this.#log.scrollHeight;
  }

  /** Add a piece of the answer. @param {string} text @param {string} name */
  ai(text, name) {
    const follow = this.#atEnd();
    if (!this.#bubble) {
      this.#bubble = this.#append("bubble ai");
      element("span", "speaker", this.#bubble).textContent = name;
    }
    this.#bubble.append(text);
    if (follow) this.#log.scrollTop = this.#log.scrollHeight;
  }

  /** The next piece of an answer begins a new bubble. */
  endBubble() {
    this.#bubble = undefined;
  }

  /** Say between the bubbles that what follows is another conversation. */
  divide() {
    const last = this.#log.lastElementChild;
    if (!last || last.className === "divider") return;
    this.endBubble();
    this.#append("divider").textContent = "Connected again: a new conversation begins";
  }

  #atEnd() {
    const { scrollHeight, scrollTop, clientHeight } = this.#log;
    return scrollHeight - scrollTop - clientHeight < NEAR_END_PX;
  }

  /** @param {string} className */
  #append(className) {
    return element("p", className, this.#log);
  }
}

export class Notices {
  #list;

  /** @param {HTMLElement} list */
  constructor(list) {
    this.#list = list;
  }

  /** @param {string} text */
  add(text) {
    for (const old of [...this.#list.children]) {
      if (old.firstElementChild?.textContent === text) old.remove();
    }
    const notice = element("div", "notice", this.#list);
    notice.role = "alert";
    element("p", "", notice).textContent = text;
    const close = element("button", "", notice);
    close.ariaLabel = "Dismiss";
    close.textContent = "✕";
    close.onclick = () => notice.remove();
    if (this.#list.children.length > MOST_NOTICES) this.#list.firstElementChild?.remove();
  }
}

/** @param {string} tag @param {string} className @param {HTMLElement} parent */
function element(tag, className, parent) {
  const child = document.createElement(tag);
  child.className = className;
  parent.append(child);
  return child;
}
