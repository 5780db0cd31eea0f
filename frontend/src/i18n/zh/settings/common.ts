/** Chinese names that several rooms of settings have in common, by their keys. */

import type { common as english } from "../../en/settings/common";

export const common: Record<keyof typeof english, string> = {
  api_key: "API 密钥",
  llm_api_key: "API 密钥",
  base_url: "API 地址",
  other_base_urls: "它的其他地址",
  api_url: "API 地址",
  endpoint: "服务地址",
  region: "服务所在区域",
  model: "模型",
  model_path: "模型",
  model_name: "模型",
  model_id: "模型",
  language: "语言",
  temperature: "温度",
  seed: "随机种子",
  device: "运算设备",
  provider: "运算设备",
  num_threads: "处理器线程数",
  threads: "处理器线程数",
  host: "服务器地址",
  port: "端口",
};
