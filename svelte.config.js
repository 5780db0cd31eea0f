/** How Svelte compiles our components: with runes only. Those of libraries decide for themselves. */
export default {
  compilerOptions: {
    runes: ({ filename }) => (filename.includes("node_modules") ? undefined : true),
  },
};
