/** What is shown instead of the page while its server cannot be reached; pure. */

const WORDS = {
  en: {
    tag: "en",
    title: "The server cannot be reached",
    steps: [
      "Is it running? On its computer: <code>uv run run_server.py</code>",
      "Is this device in the same network, or connected to the internet, if it is elsewhere?",
    ],
    again: "Try again",
  },
  zh: {
    tag: "zh-CN",
    title: "无法连接服务器",
    steps: [
      "服务器在运行吗？在它的电脑上执行：<code>uv run run_server.py</code>",
      "这台设备和服务器在同一网络吗？若服务器在别处，是否已连上互联网？",
    ],
    again: "重试",
  },
};

/**
 * Return the page, as HTML, in the language of a browser.
 *
 * @param again where its link leads; an address without quotes, as the browser writes addresses
 */
export function offlinePage(language: string, again: string): string {
  const words = language.toLowerCase().startsWith("zh") ? WORDS.zh : WORDS.en;
  return `<!doctype html>
<html lang="${words.tag}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${words.title}</title>
<style>
:root { color-scheme: light dark; --ground: light-dark(#f4efe9, #15131c); --ink: light-dark(#2b2431, #f2ecf4); --accent: light-dark(#a2470f, #f0a868); --on: light-dark(#fff, #2a1505) }
body { margin: 0; min-height: 100vh; display: grid; place-content: center; padding: 1.5rem; box-sizing: border-box; background: var(--ground); color: var(--ink); font: 1rem/1.6 system-ui, sans-serif }
main { max-width: 34rem }
a { display: inline-block; min-height: 2.75rem; line-height: 2.75rem; padding: 0 1.5rem; border-radius: 99rem; background: var(--accent); color: var(--on); text-decoration: none }
code { font-size: 1rem; overflow-wrap: anywhere }
</style>
<main>
<h1>${words.title}</h1>
<ul>${words.steps.map((step) => `<li>${step}</li>`).join("")}</ul>
<p><a href="${again}">${words.again}</a></p>
</main>
</html>`;
}
