/** What is looked for beyond types in TypeScript and Svelte. */

import svelte from "eslint-plugin-svelte";
import ts from "typescript-eslint";

function keptFrom(files, patterns) {
  return { files: [files], rules: { "no-restricted-imports": ["error", { patterns }] } };
}

export default ts.config(
  { ignores: ["**/dist/**", "**/node_modules/**", ".venv/**", "docs/**", "**/messages.ts"] },
  ...ts.configs.strict,
  ...svelte.configs.recommended,
  {
    files: ["**/*.svelte", "**/*.svelte.ts"],
    languageOptions: { parserOptions: { parser: ts.parser } },
  },
  {
    rules: {
      eqeqeq: "error",
      "no-console": ["error", { allow: ["warn", "error"] }],
      "prefer-const": "off", // $props and $state are declared by let
      "svelte/prefer-svelte-reactivity": "off", // maps that nothing is drawn from stay plain
    },
  },
  // Imports run one way: what is seen, what goes on, sound and avatar, what the pages share.
  keptFrom("web_shared/**", ["**/frontend/**", "**/web_tool/**"]),
  keptFrom("frontend/src/{audio,avatar}/**", ["**/session/**", "**/ui/**"]),
  keptFrom("frontend/src/session/**", ["**/ui/**", "!@open-llm-vtuber/**"]),
  keptFrom("web_tool/**", ["**/frontend/**"]),
);
