/** What the server says of the settings of the server, in Chinese, by its English. */

export const server: Readonly<Record<string, string>> = {
  "Serve other devices too, by HTTPS, so that their microphones work; on this computer the page stays at host and port. The certificate is made and kept here.":
    "也通过 HTTPS 为其他设备服务，使它们的麦克风可用；在本机上，页面仍在原来的地址和端口。证书在这里生成并保存。",
  "Where it does.": "HTTPS 所用的端口。",
  "A certificate of your own, with its chain: a PEM file, counted from the folder of conf.yaml. Empty: an authority that is made and kept in certificates/ signs.":
    "自己的证书（含证书链）：一个 PEM 文件，相对于 conf.yaml 所在的文件夹。为空则由 certificates/ 中自动生成并保存的证书机构签发。",
  "The key of that certificate as PEM; empty: it is in the same file.":
    "该证书的密钥（PEM）；为空表示在同一个文件里。",
  "The folder of the alternative characters.": "其他角色所在的文件夹。",
  "Purpose and name of the files in prompts/utils added to a prompt.":
    "要附加到提示词的 prompts/utils 中的文件：用途和文件名。",
  "How often each character of a group speaks before it ends.": "群聊结束前每个角色说几次话。",
  "Whether /proxy-ws is served.": "是否提供 /proxy-ws。",
  "The server that /proxy-ws shares, ws://host:port/client-ws; empty: this one.":
    "/proxy-ws 所共享的服务器，ws://主机:端口/client-ws；为空则为本服务器。",
  "What clients must know when other computers can connect: a secret of yours; empty: made anew at every start; none: anybody may connect.":
    "其他电脑可以连接时，客户端必须知道的内容：你自定的一段密语；为空则每次启动重新生成；none 表示任何人都可以连接。",
  "Origins whose pages may connect besides the server's own, as http://localhost:3000; their names are names of the server too. null: any page.":
    "除服务器自身外，允许哪些来源的页面连接，例如 http://localhost:3000；它们的名称也算作服务器的名称。null 表示任何页面。",
  "Where Live2D's SDK for Web is fetched, once somebody has accepted its licence on the page. The Core of later ones keeps the drawing order elsewhere.":
    "有人在页面上接受许可后，从哪里下载 Live2D 的网页版 SDK。更新版本的 Core 把绘制顺序放在别处。",
  "The folder of the page at /.": "首页 / 的页面所在的文件夹。",
  "How long the sound that /tts-ws made is kept.": "/tts-ws 合成的声音保留多久。",
  "The database of conversations: a file, counted from the folder of conf.yaml, or postgresql+asyncpg://user:password@host/database.":
    "存放对话的数据库：一个文件（相对于 conf.yaml 所在的文件夹），或 postgresql+asyncpg://用户:密码@主机/数据库。",
  "A folder of conversations as JSON files, taken in once; empty for none.":
    "存有 JSON 对话文件的文件夹，只导入一次；为空则不导入。",
  "As in the addresses of the rooms.": "直播间地址中的号码。",
  "The cookie SESSDATA of an account; without it Bilibili shows but the first letter of names.":
    "一个账户的 SESSDATA cookie；没有它，哔哩哔哩只显示名字的第一个字。",
  "Where the rooms are asked for.": "查询直播间的地址。",
  "Where the account is asked for.": "查询账户的地址。",
  "The name of the channel, or its address.": "频道的名称或地址。",
  "Where the chat is read.": "从哪里读取聊天。",
  "The id of the stream, or its address.": "直播的 ID 或地址。",
  "A key of the YouTube Data API v3.": "YouTube Data API v3 的密钥。",
  "Seconds between two looks at the chat; YouTube may ask for more. Each costs 5 of the 10,000 units that a key has for a day.":
    "两次查看聊天之间的秒数；YouTube 可能要求更久。每次消耗一个密钥每天 10,000 单位中的 5 个。",
  "Where the API is.": "API 的地址。",
  "At least so many seconds lie between two messages heard.":
    "两条被听到的消息之间至少相隔的秒数。",
  "Messages that wait to be heard; the newest are kept.": "等待被听到的消息数；保留最新的。",
  "Shorter messages are passed over.": "更短的消息会被略过。",
  "Longer ones are.": "更长的消息会被略过。",
  "Regular expressions, case apart: a message is passed over where one is found in it or in its author's name.":
    "正则表达式，不分大小写：在消息或作者名中找到时，略过该消息。",
  "Who is not listened to: bots, your own among them.": "不听谁的：机器人，包括你自己的。",
  "Whether messages with links are heard.": "是否听取含链接的消息。",
  "Whether those that begin with ! are.": "是否听取以 ! 开头的消息。",
  "The Redis or Valkey that all processes share, as redis://host:6379/0; empty: this process stands alone. Conversations must be in PostgreSQL then (history_url).":
    "所有进程共用的 Redis 或 Valkey，如 redis://host:6379/0；留空：本进程独立运行。使用时对话必须存放在 PostgreSQL 中（history_url）。",
  "Where the other processes reach this one, as http://10.0.0.5:12393; empty: at host and port.":
    "其他进程访问本进程的地址，如 http://10.0.0.5:12393；留空：即 host 和 port。",
  "By what the processes know each other: the same for all, of 16 characters at least.":
    "进程之间互相识别的密钥：所有进程相同，至少 16 个字符。",
  "Addresses or networks of reverse proxies, as 127.0.0.1 or 10.0.0.0/24, whose X-Forwarded-For tells who somebody is. Of all others it is not believed.":
    "反向代理的地址或网段，例如 127.0.0.1 或 10.0.0.0/24；它们的 X-Forwarded-For 说明来者是谁，其他来源的不予采信。",
};
