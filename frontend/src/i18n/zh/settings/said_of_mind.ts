/** What the server says of the settings of her mind, in Chinese, by its English. */

export const mind: Readonly<Record<string, string>> = {
  "Speak the first clause before the first sentence is whole.": "整句完成之前先说第一个分句。",
  "Whether the model may use MCP tools.": "模型是否可以使用 MCP 工具。",
  "Which servers of mcp_servers.json it may use; `time` is there without it.":
    "可以使用 mcp_servers.json 中的哪些服务器；`time` 总是可用。",
  "Which of their tools it may use: `allow`, `ask` (the person, at each call) or `deny`, by `server/tool`, by `server`, or `*` for all others; or under the server by tool: `notes: {read_file: allow, '*': ask}`. What is not named is asked for, but `time`, which is ours.":
    "可以使用哪些工具：`allow`（允许）、`ask`（每次询问你）或 `deny`（拒绝），按 `服务器/工具`、按 `服务器`，或用 `*` 表示其余全部；也可以在服务器下按工具写：`notes: {read_file: allow, '*': ask}`。没有写到的都会询问，我们自带的 `time` 除外。",
  "Whether she remembers, in later conversations, what was said in earlier ones.":
    "以后的对话中是否记得以前说过的话。",
  'Leave out what only an assistant says, such as "How can I help you today?"; false for a character who is one.':
    "略去只有助手才会说的话，例如“今天我能帮您什么？”；角色本来就是助手时请关闭。",
  "Whether the model sums up the beginning of a conversation that becomes too long for it, while nobody says anything; otherwise it is left out. `auto`: a service on another computer does, and so does a model on this one whose name says that it has 3.5 billion parameters or more (`4b`).":
    "对话过长时，是否让模型在没人说话时总结开头部分；否则开头部分会被略去。`auto`：其他电脑上的服务会这样做，本机上名称表明参数不少于 35 亿（`4b`）的模型也会。",
  "Your Hume API key.": "你的 Hume API 密钥。",
  "Where EVI is.": "EVI 的地址。",
  "Your configuration of EVI, with its persona; unset, ours is told to it.":
    "你的 EVI 配置及其人设；不设定则使用我们的。",
  "Seconds without a word after which the connection is closed.": "多少秒没有话语之后断开连接。",
  "Where the Letta server is; a whole address has its port in it.":
    "Letta 服务器的地址；完整的地址已包含端口。",
  "Its port.": "它的端口。",
  "The agent's id there: agent-...": "智能体在那里的 ID：agent-...",
  "The server's password, or the key of Letta's own cloud.":
    "服务器的密码，或 Letta 云服务的密钥。",
  "Where your Mem0 server is (docs.mem0.ai/open-source/features/rest-api).":
    "你的 Mem0 服务器的地址（docs.mem0.ai/open-source/features/rest-api）。",
  "Its API key, where it wants one.": "它的 API 密钥（如果需要）。",
  "Whose memories they are.": "记忆属于谁。",
  "An answer waits so long at most for what is remembered.": "回答最多等待记忆多久。",
  "So many memories go with a question.": "每个问题附带多少条记忆。",
  "The role under which the model is told that it was interrupted. 'user' where the service allows a system message at the beginning only.":
    "以哪个角色告诉模型它被打断了。服务只允许开头有系统消息时用 'user'。",
  "The address of the API, up to and without '/v1/messages'.":
    "API 的地址，到 '/v1/messages' 之前为止。",
  "Your Anthropic API key.": "你的 Anthropic API 密钥。",
  "The model's name, as Anthropic spells it.": "模型名称，按 Anthropic 的写法。",
  "The longest answer, in tokens; what it thinks counts.":
    "回答的最大长度（token），思考也计算在内。",
  "Whether the model thinks before it answers, as long as it sees fit; unset, it does as is usual for it. Older models refuse `adaptive`.":
    "模型回答前是否自行决定思考多久；不设定则按它的习惯。较旧的模型不接受 `adaptive`。",
  "The address of the API, up to and without '/chat/completions'. A user and a password in it (https://user:password@host/v1) are sent in place of the key.":
    "API 的地址，到 '/chat/completions' 之前为止。其中若有用户名和密码（https://用户:密码@主机/v1），会代替密钥发送。",
  "Your DeepSeek API key.": "你的 DeepSeek API 密钥。",
  "The model's name, as the service spells it.": "模型名称，按服务的写法。",
  "The organization that is billed, if the service has them.": "付费的组织（如果服务有此概念）。",
  "The project that is billed, if the service has them.": "付费的项目（如果服务有此概念）。",
  "How freely words are chosen: 0 is always the likeliest. Unset, as it suits the model's family, 1 where its name tells none.":
    "用词的自由程度：0 总是选最可能的词。不设定则按模型系列的习惯，名称看不出系列时为 1。",
  "The longest answer, in tokens. The service decides if it is unset.":
    "回答的最大长度（token）。不设定则由服务决定。",
  "Your Gemini API key.": "你的 Gemini API 密钥。",
  "Your Groq API key.": "你的 Groq API 密钥。",
  "The role under which the model is told that it was interrupted.":
    "以哪个角色告诉模型它被打断了。",
  "A .gguf file, the name of a model in the catalogue, or `default-llm`: the best of the catalogue that this computer runs well.":
    "一个 .gguf 文件、目录中某个模型的名称，或 `default-llm`：目录中本机能流畅运行的最好的模型。",
  "Write all that llama.cpp says to the log file.": "把 llama.cpp 输出的一切写入日志文件。",
  "How freely words are chosen: 0 is always the likeliest. Unset, as it suits the model's family.":
    "用词的自由程度：0 总是选最可能的词。不设定则按模型系列的习惯。",
  "Words are chosen alike for the same prompt; unset, otherwise each time.":
    "设定后，同样的提示得到同样的用词；不设定则每次不同。",
  "The longest answer, in tokens; the last quarter only finishes a sentence.":
    "回答的最大长度（token）；最后四分之一只用来把句子说完。",
  "What ends an answer: small models write what you say next, too.":
    "什么内容结束回答：小模型会把你接下来的话也写出来。",
  "Tokens a conversation can have, with the character's prompt.":
    "一个对话（含角色设定）可以有多少 token。",
  "Conversations whose text stays read, so that a turn reads only what is new; as many are answered at once. Each takes memory for n_ctx tokens.":
    "保持已读状态的对话数，这样每轮只需读新内容；同时也能回答这么多个。每个都要占用 n_ctx 个 token 的内存。",
  "Processor threads; unset, as many as are fastest, which is measured once where there are more than two cores.":
    "处理器线程数；不设定则用最快的数目，多于两个核心时会测量一次。",
  "Layers on the GPU, if llama.cpp was built for one; 0 is none, -1 all. Unset, all of a model for which the GPU has the memory.":
    "放在显卡上的层数（llama.cpp 需支持显卡）；0 为不用，-1 为全部。不设定时，显存足够则全部放上。",
  "The key of your account. A local server takes any text.":
    "你的账户密钥。本地服务器接受任意文本。",
  "Your Mistral API key.": "你的 Mistral API 密钥。",
  "The address of the server, with or without the '/v1' of its other API. A user and a password in it (https://user:password@host/v1) are sent in place of the key.":
    "服务器的地址，是否带另一套 API 的 '/v1' 均可。其中若有用户名和密码（https://用户:密码@主机/v1），会代替密钥发送。",
  "Ollama takes any text.": "Ollama 接受任意文本。",
  "How freely words are chosen: 0 is always the likeliest. Unset, as the model's own file says.":
    "用词的自由程度：0 总是选最可能的词。不设定则按模型自己的文件。",
  "Seconds Ollama keeps the model in memory after an answer; -1 is for ever. The model is loaded with this when the server starts.":
    "回答后 Ollama 把模型留在内存中的秒数；-1 为一直保留。服务器启动时会以此加载模型。",
  "Tell Ollama to free the model's memory when this server ends.":
    "服务器结束时，让 Ollama 释放模型占用的内存。",
  "Tokens a conversation can have, with the character's prompt; Ollama decides if it is unset, and leaves out the beginning of what is longer.":
    "一个对话（含角色设定）可以有多少 token；不设定则由 Ollama 决定，超出时略去开头。",
  "Of the likeliest words, the share that is chosen from.": "在最可能的词中，从多大的范围里选择。",
  "Whether a model that can think does so before it answers; unset, it does as is usual for it.":
    "会思考的模型回答前是否先思考；不设定则按它的习惯。",
  "Your OpenAI API key.": "你的 OpenAI API 密钥。",
  "Your OpenRouter API key.": "你的 OpenRouter API 密钥。",
  "The address of the API, up to and without '/completions'.":
    "API 的地址，到 '/completions' 之前为止。",
  "The longest answer, in tokens; many servers' own limit is 16.":
    "回答的最大长度（token）；许多服务器自身的限制是 16。",
  "How the conversation is written as one text: CHATML, LLAMA3, LLAMA2, MISTRAL, GEMMA, PHI3, ZEPHYR, ALPACA, VICUNA. The model's own page says which it was trained with.":
    "怎样把对话写成一段文本：CHATML、LLAMA3、LLAMA2、MISTRAL、GEMMA、PHI3、ZEPHYR、ALPACA、VICUNA。模型自己的页面会说明它用哪一种训练。",
  "Your Zhipu AI API key.": "你的智谱 AI API 密钥。",
  "Find what was said in other words too, by its meaning: the embedding_model tells it, the usual one on this computer (72 MB). false: by its words alone.":
    "也按含义找到换了说法的内容：由 embedding_model 判断，默认的那个在本机运行（72 MB）。“否”：只按用词查找。",
  "One for all characters: what was said is embedded by that of conf.yaml, and questions to a character that has another one find by words alone.":
    "所有角色共用一个：说过的话由 conf.yaml 的那个来嵌入；若某个角色用了另一个，对它的提问只按用词查找。",
  "The address of the API, up to and without '/embeddings': Ollama's, that of another server of your own, or https://api.openai.com/v1.":
    "API 的地址，到 '/embeddings' 之前为止：Ollama 的、你自己的其他服务器的，或 https://api.openai.com/v1。",
  "The model, as the server spells it. Messages are embedded anew when it changes; of its numbers the first 384 are kept.":
    "模型，按服务器的写法。更换后消息会重新嵌入；只保留前 384 个数。",
  "What the model wants before a question, such as 'search_query: '.":
    "模型要求在问题前加的内容，例如 'search_query: '。",
  "What it wants before a text to be found, such as 'search_document: '.":
    "要求在待查找的文本前加的内容，例如 'search_document: '。",
};
