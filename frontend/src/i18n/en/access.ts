/** English words for who may come in. */

export const access = {
  shutOut: "This device's access was taken back. Whoever runs the server can let it in again.",
};
