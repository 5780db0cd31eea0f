/** Words to begin with, in whatever language a character speaks; pure. */

const ENGLISH = "en";

const STARTERS: Readonly<Record<string, readonly string[]>> = {
  ar: ["كيف كان يومك؟", "احكي لي قصة قصيرة جدًا.", "أضحكيني قليلًا!"],
  ca: ["Què has fet avui?", "Explica'm una història molt curta.", "Anima'm una mica!"],
  cs: ["Co jsi dnes dělala?", "Vyprávěj mi úplně krátký příběh.", "Rozvesel mě trochu!"],
  da: ["Hvad har du lavet i dag?", "Fortæl mig en meget kort historie.", "Mun mig lidt op!"],
  de: ["Was hast du heute gemacht?", "Erzähl mir eine ganz kurze Geschichte.", "Heitere mich auf!"],
  el: ["Τι έκανες σήμερα;", "Πες μου μια πολύ σύντομη ιστορία.", "Φτιάξε μου λίγο τη διάθεση!"],
  en: ["What have you been up to today?", "Tell me a very short story.", "Cheer me up a bit!"],
  es: ["¿Qué has hecho hoy?", "Cuéntame un cuento muy corto.", "¡Anímame un poco!"],
  fa: ["امروز چه کار کردی؟", "یک داستان خیلی کوتاه برایم بگو.", "کمی سرحالم کن!"],
  fi: ["Mitä olet tehnyt tänään?", "Kerro ihan lyhyt tarina.", "Piristä minua vähän!"],
  fr: [
    "Qu'as-tu fait aujourd'hui ?",
    "Raconte-moi une toute petite histoire.",
    "Fais-moi sourire !",
  ],
  he: ["מה עשית היום?", "ספרי לי סיפור קצר מאוד.", "תעודדי אותי קצת!"],
  hi: ["आज तुमने क्या किया?", "मुझे एक बहुत छोटी कहानी सुनाओ।", "मुझे थोड़ा हँसाओ!"],
  hu: ["Mit csináltál ma?", "Mesélj egy nagyon rövid történetet!", "Vidíts fel egy kicsit!"],
  id: [
    "Apa saja kegiatanmu hari ini?",
    "Ceritakan kisah yang sangat pendek.",
    "Hibur aku sedikit!",
  ],
  it: ["Che cosa hai fatto oggi?", "Raccontami una storia brevissima.", "Tirami un po' su!"],
  ja: ["今日は何をしていたの？", "とても短いお話をして。", "ちょっと元気づけて！"],
  ko: ["오늘 뭐 했어?", "아주 짧은 이야기 하나 해 줘.", "기분 좀 풀어 줘!"],
  nl: [
    "Wat heb je vandaag gedaan?",
    "Vertel me een heel kort verhaal.",
    "Vrolijk me een beetje op!",
  ],
  no: ["Hva har du gjort i dag?", "Fortell meg en veldig kort historie.", "Muntre meg opp litt!"],
  pl: ["Co dzisiaj robisz?", "Opowiedz mi bardzo krótką historię.", "Pociesz mnie trochę!"],
  pt: ["O que você fez hoje?", "Conte uma história bem curta.", "Me anime um pouco!"],
  ro: ["Ce ai făcut azi?", "Spune-mi o poveste foarte scurtă.", "Înveselește-mă puțin!"],
  ru: ["Как прошёл твой день?", "Расскажи совсем короткую историю.", "Подними мне настроение!"],
  sv: ["Vad har du gjort i dag?", "Berätta en väldigt kort historia.", "Muntra upp mig lite!"],
  th: ["วันนี้ทำอะไรมาบ้าง", "เล่านิทานสั้น ๆ ให้ฟังหน่อย", "ทำให้ฉันยิ้มหน่อยสิ"],
  tr: ["Bugün neler yaptın?", "Bana çok kısa bir hikâye anlat.", "Beni biraz neşelendir!"],
  uk: ["Як минув твій день?", "Розкажи зовсім коротку історію.", "Підніми мені настрій!"],
  vi: [
    "Hôm nay bạn đã làm gì?",
    "Kể cho tôi một câu chuyện thật ngắn.",
    "Làm tôi vui lên một chút đi!",
  ],
  zh: ["今天过得怎么样？", "给我讲个很短的故事吧。", "逗我开心一下！"],
};

/** Return words to begin with in a language, by its two letters; in English where there are none. */
export function startersIn(language: string): {
  readonly language: string;
  readonly said: readonly string[];
} {
  const known = Object.hasOwn(STARTERS, language) ? language : ENGLISH;
  return { language: known, said: STARTERS[known] ?? [] };
}
