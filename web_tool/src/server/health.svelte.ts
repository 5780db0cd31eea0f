/** How the server is, asked again and again: often until every engine is ready. */

import { address } from "@open-llm-vtuber/shared/access";

export type Kind = "vad" | "asr" | "llm" | "tts";

interface Report {
  version: string;
  ready: boolean;
  loading: Kind[];
  failed: string[];
  /** Names of the configured engines; older servers do not tell them. */
  engines?: Partial<Record<Kind, string>>;
}

const AGAIN_MS = 2_000;
const READY_AGAIN_MS = 15_000;

export class Health {
  /** undefined: not asked yet; null: the server cannot be reached. */
  report: Report | null | undefined = $state();

  /** Begins to ask; returns what ends it. */
  watch(): () => void {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let ended = false;
    const ask = async () => {
      this.report = await fetchReport();
      if (!ended) timer = setTimeout(ask, this.report?.ready ? READY_AGAIN_MS : AGAIN_MS);
    };
    void ask();
    return () => {
      ended = true;
      clearTimeout(timer);
    };
  }
}

async function fetchReport(): Promise<Report | null> {
  try {
    const answer = await fetch(address("/health"));
    return answer.ok ? ((await answer.json()) as Report) : null;
  } catch {
    return null; // shown as "cannot be reached"
  }
}
