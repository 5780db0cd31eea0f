/** What the server says of the settings of the server's limits, in Chinese, by its English. */

export const limits: Readonly<Record<string, string>> = {
  "Size of one incoming message.": "单条收到的消息的大小。",
  "Size of a file sent to /asr or /live2d-core/upload.":
    "发送到 /asr 或 /live2d-core/upload 的文件大小。",
  "The bodies of all requests that are worked on.": "正在处理的所有请求的内容总大小。",
  "Size of a request that is no form with a file.": "不带文件的请求的大小。",
  "Size of a request that sets the texts of a character or its lorebook; of who may change the server's settings.":
    "设置角色文本或其世界书的请求的大小；只涉及可以更改服务器设置的人。",
  "Sound files of /asr worked on at once; more are refused.":
    "/asr 同时处理的声音文件数；超过的会被拒绝。",
  "How much computing the decoding of one sound file may take.":
    "解码一个声音文件最多可用的计算时间。",
  "Size of Live2D's SDK when it is fetched.": "下载 Live2D SDK 时允许的大小。",
  "Size of a look that is added on the page.": "在页面上添加的形象的大小。",
  "Messages of all connections that are just coming in, small ones apart.":
    "所有连接上正在接收的消息的总大小，小消息除外。",
  "Frames into which a client may cut one message.": "客户端最多可以把一条消息分成几帧。",
  "Clients answered at once; who speaks beyond that is asked to try again.":
    "同时回答的客户端数；超出时会请说话的人稍后再试。",
  "What one client has said and nobody has written down yet; one utterance may be longer.":
    "单个客户端已经说出但还没有识别成文字的语音；单独一段可以更长。",
  "Clients connected at once.": "同时连接的客户端数。",
  "TCP connections of all kinds; less where the system allows fewer open files.":
    "各种 TCP 连接的总数；系统允许打开的文件较少时会更少。",
  "Those of them that wait for a request; the oldest makes room for a new one.":
    "其中还没有发出请求的连接数；最早的会让位给新的。",
  "Requests without the access token answered at once, where it is asked for; the oldest makes room for a new one.":
    "需要访问令牌时，同时回答的不带令牌的请求数；最早的会让位给新的。",
  "From connecting to the last header of a request.": "从连接到最后一个请求头的时间。",
  "Time in which 16 KiB more of an upload must come.": "上传时，每 16 KiB 必须在这段时间内到达。",
  "How long a connection is kept for one more request.": "连接为下一个请求保留多久。",
  "How long the first message of a client with `?hello=1` is waited for; then the client is greeted without.":
    "等待带 `?hello=1` 的客户端第一条消息的时间；过后不等它就打招呼。",
  "Length of one utterance.": "一段话的最长时间。",
  "Length of one typed message.": "输入的一条消息的最大长度。",
  "Length after which an answer is cut off. Thoughts in it are counted apart, and beyond that not shown.":
    "超过此长度的回答会被截断。其中的思考单独计算，超出的部分不显示。",
  "Images with one message.": "一条消息附带的图片数。",
  "Pictures kept with the messages of one conversation; what was not shown for longest makes room.":
    "一个对话中随消息保存的图片大小；最久没有显示的会让位。",
  "Turns one client may have waiting behind the running one.":
    "一个客户端除正在进行的一轮外，还可以有多少轮在等待。",
  "The same by size, with their sound and images; one may be larger.":
    "同样的限制，按大小计，含声音和图片；其中一条可以更大。",
  "Recordings and messages of all clients that wait or are being answered; a client that holds little may always speak.":
    "所有客户端正在等待或回答的录音和消息的总大小；占用很少的客户端总可以说话。",
  "Requests of one client that may wait for the database or the disk.":
    "一个客户端可以有多少请求在等待数据库或磁盘。",
  "Messages that others cause and that may wait for a slow client.":
    "由他人引起、正在等待慢客户端的消息数。",
  "The same by size; one message may be larger. Also what waits in /proxy-ws.":
    "同样的限制，按大小计；其中一条可以更大。也适用于 /proxy-ws 中等待的内容。",
  "How long a client may take nothing of what waits for it; then it is cut off.":
    "客户端可以多久不接收等待它的内容；之后会被断开。",
  "How long a client may leave a ping of WebSocket, sent every 20 s, unanswered. Nothing else ends an idle one.":
    "客户端可以多久不回应每 20 秒一次的 WebSocket ping。除此之外，空闲的连接不会被断开。",
  "One turn, from what was said to the last sentence sent, all waits included.":
    "一轮对话从说完到发出最后一句的总时间，含所有等待。",
  "Waiting for an engine that is being loaded; it is loaded to the end anyway.":
    "等待引擎加载的时间；加载本身总会继续到完成。",
  "Messages of one conversation kept in memory.": "一个对话保留在内存中的消息数。",
  "Transcribing one segment of an utterance (up to 30 s); the wait for those of others is not counted.":
    "识别一段话中一个片段（至多 30 秒）的时间；等待他人片段的时间不计。",
  "Reading the persona, before the first answer.": "第一次回答之前读取性格设定的时间。",
  "From the request to the first piece of the answer.": "从请求到回答开始的时间。",
  "From one piece of the answer to the next.": "回答的前后两部分之间的时间。",
  "Starting one MCP server, what it fetches included.":
    "启动一个 MCP 服务器的时间，含它需要下载的内容。",
  "One call of a tool, unless mcp_servers.json says otherwise.":
    "一次工具调用的时间，除非 mcp_servers.json 另有规定。",
  "How long a person has to say whether they join a group.": "你有多长时间答复是否加入群聊。",
  "How long the person has to say whether a tool may be used.":
    "你有多长时间决定是否允许使用工具。",
  "How often the model may ask for tools in one answer.":
    "模型在一次回答中可以要求使用工具的次数。",
  "What the model is told of one result; less if its context is small.":
    "一个结果中告诉模型的长度；模型上下文较小时更短。",
  "Translating one sentence before it is spoken.": "说出之前翻译一句话的时间。",
  "Synthesising one sentence.": "合成一句话的时间。",
  "After which /proxy-ws sends the next text although a turn has not ended.":
    "即使上一轮还没有结束，过了这段时间 /proxy-ws 也会发送下一条文本。",
  "How much longer than its audio a client may take to report that it played.":
    "客户端报告播放完毕可以比声音本身多用的时间。",
  "Sentences synthesised ahead of the one that is delivered.":
    "在正在发送的一句之前提前合成的句数。",
  "Those of one address, of IPv6 of one /64; this computer's do not count.":
    "同一地址的数目，IPv6 按 /64 计；本机的不计。",
  "Different wrong access tokens from one address; then it waits a second, and after each further one twice as long, up to five minutes.":
    "同一地址可用错多少个不同的访问令牌；之后要等一秒，每再错一个等待时间加倍，最长五分钟。",
  "How long the session of a client that is lost is kept for it to come back (extension `resume`); 0 ends it at once.":
    "客户端断开后，为它保留会话多久（扩展 `resume`）；0 为立即结束。",
  "Clients waited for like that; the longest waited for makes room, of the address that has most of them.":
    "这样等待的客户端数；占得最多的地址中等得最久的让出位置。",
  "Messages kept until a client with `resume` says to have them; one that missed more loads its conversation anew.":
    "保留多少条消息，直到带 `resume` 的客户端确认收到；错过更多的会重新加载对话。",
  "The same by size; one message may be larger.": "同样的限制，按大小计；其中一条可以更大。",
  "How long a PostgreSQL server may take for one statement; tables that are made anew by another version take what they take.":
    "PostgreSQL 服务器执行一条语句最多可用的时间；因版本更新而重建的表不受此限。",
};
