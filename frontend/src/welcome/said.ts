/** What she says when her voice is tried, in the language of the voice, whatever that of the page is. */

interface Said {
  /** A greeting, by which a voice is chosen. */
  readonly greeting: string;
  /** Some seconds, by which an echo is found. */
  readonly line: string;
}

const ENGLISH: Said = {
  greeting: "Hello! This is how I sound. Shall we talk a little?",
  line: "Can you hear me? I would like to know whether my own voice comes back to me through your microphone.",
};
const SAID: Readonly<Record<string, Said>> = {
  en: ENGLISH,
  zh: {
    greeting: "你好！我的声音就是这样。我们聊聊吧？",
    line: "能听到我吗？我想知道，我自己的声音会不会通过你的麦克风传回来。",
  },
  ja: {
    greeting: "こんにちは！これが私の声です。少しお話ししませんか？",
    line: "聞こえますか？私の声がマイクから戻ってくるかどうかを確かめています。",
  },
  de: {
    greeting: "Hallo! So klinge ich. Wollen wir ein wenig reden?",
    line: "Hörst du mich? Ich möchte wissen, ob meine eigene Stimme durch dein Mikrofon zu mir zurückkommt.",
  },
  fr: {
    greeting: "Bonjour ! Voici ma voix. On parle un peu ?",
    line: "Tu m'entends ? Je voudrais savoir si ma propre voix me revient par ton microphone.",
  },
  es: {
    greeting: "¡Hola! Así sueno yo. ¿Hablamos un poco?",
    line: "¿Me oyes? Quiero saber si mi propia voz vuelve a mí por tu micrófono.",
  },
  it: {
    greeting: "Ciao! Questa è la mia voce. Parliamo un po'?",
    line: "Mi senti? Vorrei sapere se la mia voce torna a me attraverso il tuo microfono.",
  },
  pt: {
    greeting: "Olá! Esta é a minha voz. Vamos conversar um pouco?",
    line: "Consegues ouvir-me? Quero saber se a minha própria voz volta para mim pelo teu microfone.",
  },
  ko: {
    greeting: "안녕하세요! 제 목소리는 이래요. 잠깐 이야기할까요?",
    line: "제 말이 들리나요? 제 목소리가 마이크를 통해 돌아오는지 확인하고 있어요.",
  },
  ru: {
    greeting: "Привет! Вот мой голос. Поговорим немного?",
    line: "Ты меня слышишь? Я проверяю, возвращается ли ко мне мой голос через твой микрофон.",
  },
};

/** Return what is said in a language, by its BCP 47 tag; in English where we know none of it. */
export function saidIn(tag: string): Said {
  return SAID[tag.slice(0, 2).toLowerCase()] ?? ENGLISH;
}
