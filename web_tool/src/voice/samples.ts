/** Texts to begin with, in several languages; the last is full of what voices stumble over. */

export const SAMPLES: { lang: string; name: string; text: string }[] = [
  {
    lang: "en",
    name: "English",
    text: "Good evening. I was just watching the rain run down the window. Shall we talk for a while?",
  },
  {
    lang: "zh-CN",
    name: "中文",
    text: "晚上好。我刚才在看窗外的雨。我们聊一会儿好吗？",
  },
  {
    lang: "ja",
    name: "日本語",
    text: "こんばんは。窓の外の雨を眺めていました。少しお話ししませんか？",
  },
  {
    lang: "ko",
    name: "한국어",
    text: "안녕하세요. 창밖의 비를 바라보고 있었어요. 잠깐 이야기할까요?",
  },
  {
    lang: "es",
    name: "Español",
    text: "Buenas tardes. Estaba mirando la lluvia en la ventana. ¿Charlamos un rato?",
  },
  {
    lang: "fr",
    name: "Français",
    text: "Bonsoir. Je regardais la pluie couler sur la vitre. On bavarde un moment ?",
  },
  {
    lang: "de",
    name: "Deutsch",
    text: "Guten Abend. Ich habe gerade dem Regen am Fenster zugesehen. Wollen wir ein wenig reden?",
  },
  {
    lang: "en",
    name: "12:45, $3.50",
    text: "Dr. Lee's train leaves at 12:45 from platform 3B. The ticket costs $3.50, i.e. 20% less than in 1998. Call 555-0142, or write to lee@example.org!",
  },
];
