/** What is looked for beyond types in TypeScript and Svelte. */

import svelte from "eslint-plugin-svelte";
import ts from "typescript-eslint";

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
);
