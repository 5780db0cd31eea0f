/**
 * The service worker: keeps files whose names hold their content, and says what to do when the server
 * cannot be reached. Pages, conversations and whatever else the server says are never kept.
 */

import { offlinePage } from "./offline_page";

interface Extendable extends Event {
  waitUntil(work: Promise<unknown>): void;
}

interface Fetching extends Extendable {
  readonly request: Request;
  respondWith(answer: Promise<Response>): void;
}

interface Clicked extends Extendable {
  readonly notification: Notification;
}

interface Tab {
  readonly url: string;
  focus(): Promise<unknown>;
}

/** What of a service worker's surroundings is used; TypeScript has it only without the page's. */
interface Worker {
  readonly registration: { readonly scope: string };
  readonly clients: {
    matchAll(options: object): Promise<readonly Tab[]>;
    openWindow(url: string): Promise<unknown>;
  };
  addEventListener(kind: "activate", listener: (event: Extendable) => void): void;
  addEventListener(kind: "fetch", listener: (event: Fetching) => void): void;
  addEventListener(kind: "notificationclick", listener: (event: Clicked) => void): void;
}

const worker = self as unknown as Worker;
const FILES = "open-llm-vtuber:files:1";
/** More than one build has; what is older goes. */
const MOST_FILES = 150;
/** As the build names what never changes. */
const HASHED = /\/assets\/[^/]+-[\w-]{8}\.\w+$/;

worker.addEventListener("activate", (event) => {
  event.waitUntil(forgetOthers());
});

worker.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.mode === "navigate") event.respondWith(page(request));
  else if (request.method === "GET" && isHashed(request)) event.respondWith(file(request));
});

worker.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const told: unknown = event.notification.data;
  event.waitUntil(show(typeof told === "string" ? told : worker.registration.scope));
});

function isHashed({ url, headers }: Request): boolean {
  return url.startsWith(worker.registration.scope) && HASHED.test(url) && !headers.has("range");
}

/** A page is always the server's own, of today. */
async function page(request: Request): Promise<Response> {
  try {
    return await fetch(request);
  } catch {
    const headers = {
      "Content-Type": "text/html; charset=utf-8",
      "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'",
    };
    const text = offlinePage(navigator.language, worker.registration.scope);
    return new Response(text, { status: 503, headers });
  }
}

async function file(request: Request): Promise<Response> {
  const files = await caches.open(FILES);
  const kept = await files.match(request);
  if (kept) return kept;
  const answer = await fetch(request);
  const isForGood = answer.headers.get("Cache-Control")?.includes("immutable");
  if (answer.ok && isForGood) {
    await files.put(request, answer.clone());
    const all = await files.keys();
    for (const old of all.slice(0, -MOST_FILES)) await files.delete(old);
  }
  return answer;
}

/** Files that an earlier version of this worker has kept elsewhere. */
async function forgetOthers(): Promise<void> {
  const names = await caches.keys();
  const ours = names.filter((name) => name.startsWith("open-llm-vtuber:") && name !== FILES);
  await Promise.all(ours.map((name) => caches.delete(name)));
}

/** Bring the tab that has told something to the front, or another of ours, or a new one. */
async function show(url: string): Promise<void> {
  const tabs = await worker.clients.matchAll({ type: "window", includeUncontrolled: true });
  const tab = tabs.find((one) => one.url === url) ?? tabs[0];
  await (tab ? tab.focus() : worker.clients.openWindow(url));
}
