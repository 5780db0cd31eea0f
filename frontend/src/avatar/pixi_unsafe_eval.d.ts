/** Pixi declares no types of this module, which has nothing but effects. */

declare module "pixi.js/unsafe-eval";
