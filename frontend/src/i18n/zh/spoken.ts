/** Chinese words of the spoken language that a first visitor is offered. */

import type { spoken as english } from "../en/spoken";

export const spoken: typeof english = {
  offered: (language, name, now) =>
    `你的浏览器语言是${language}。按下按钮后，${name} 就说${language}；在那之前说的是 ${now}。`,
  offeredUnset: (language, name) =>
    `你的浏览器语言是${language}。按下按钮，${name} 就说${language}。`,
  onlyOnline: (language, engine) =>
    `你的浏览器语言是${language}。角色可以说这种语言，但只能借助在线服务 ${engine}，所说的话会发送到那里。你仍可在列表中选择。`,
};
