/** Finds out whether another tab of this browser has a conversation already. */

const CHANNEL = "open-llm-vtuber:tabs";
/** So long another tab may take to answer. */
export const ANSWER_MS = 400;

interface Question {
  readonly conversation: string;
  readonly from: string;
}

interface Answer {
  readonly to: string;
}

export class Tabs {
  readonly #channel = new BroadcastChannel(CHANNEL);
  /** `crypto.randomUUID` is for secure pages only. */
  readonly #id = `${Math.random()}`;
  #answered = (): void => {};

  /** @param current returns the conversation of this tab; "" while there is none */
  constructor(current: () => string) {
    this.#channel.onmessage = ({ data }: MessageEvent<Question | Answer>) => {
      if ("to" in data) {
        if (data.to === this.#id) this.#answered();
      } else if (data.conversation === current()) {
        this.#channel.postMessage({ to: data.from } satisfies Answer);
      }
    };
  }

  /** Whether another tab answers that it has this conversation. */
  async have(conversation: string): Promise<boolean> {
    const question: Question = { conversation, from: this.#id };
    return new Promise((resolve) => {
      this.#answered = () => resolve(true);
      setTimeout(() => resolve(false), ANSWER_MS);
      this.#channel.postMessage(question);
    });
  }
}
