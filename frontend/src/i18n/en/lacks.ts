/** English words of what a character's engines lack, told before one talks with her. */

export const lacks = {
  /** What that means, by the kind of engine. */
  means: {
    tts: "Her voice is not installed: what she says is shown, but not heard.",
    asr: "What hears you is not installed: you can write to her.",
    llm: "What thinks for her is not installed: she cannot answer.",
    other: "Something of hers is not installed.",
  } as Readonly<Record<string, string>> & { readonly other: string },
  install: "On the server's computer, run this once and start the server anew:",
  needs: (name: string) => `It needs the package ${name} on the server's computer.`,
};
