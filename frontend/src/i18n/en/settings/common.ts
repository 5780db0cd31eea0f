/** English names that several rooms of settings have in common, by their keys; `section.key` where a key means something of its own. */

export const common = {
  api_key: "API key",
  llm_api_key: "API key",
  base_url: "Address of the API",
  other_base_urls: "Its other addresses",
  api_url: "Address of the API",
  endpoint: "Address of the service",
  region: "Region of the service",
  model: "Model",
  model_path: "Model",
  model_name: "Model",
  model_id: "Model",
  language: "Language",
  temperature: "Temperature",
  seed: "Random seed",
  device: "Computed on",
  provider: "Computed on",
  num_threads: "Processor threads",
  threads: "Processor threads",
  host: "Address of the server",
  port: "Port",
};
