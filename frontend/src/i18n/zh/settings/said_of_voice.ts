/** What the server says of the settings of her voice, in Chinese, by its English. */

export const voice: Readonly<Record<string, string>> = {
  "The engine that speaks where the chosen one fails, such as hibari_tts; the chosen one is tried again after a minute. Empty: the words are shown only.":
    "所选引擎不能工作时由它说话，例如 hibari_tts；一分钟后再试所选的引擎。为空则只显示文字。",
  "The key of your Speech resource.": "你的语音资源的密钥。",
  "Where your resource is; one of China, such as chinanorth2, is Azure China's.":
    "资源所在的区域；中国的区域（如 chinanorth2）属于 Azure 中国。",
  "`run_server.py --voices` lists those of the region.":
    "`run_server.py --voices` 会列出该区域的音色。",
  "How much higher, in percent; or as SSML has it: +50Hz, high.":
    "升高多少，以百分比表示；或按 SSML 的写法：+50Hz、high。",
  "How often as fast as normal; or as SSML has it: +20%, slow.":
    "是正常速度的几倍；或按 SSML 的写法：+20%、slow。",
  "The address of the service, where it is not that of the region.":
    "服务的地址，若不是区域的地址。",
  "One of Bark's speakers, v2/en_speaker_0 to 9, also de, es, fr, hi, it, ja, ko, pl, pt, ru, tr and zh; or an .npz file.":
    "Bark 的一个音色：v2/en_speaker_0 到 9，也有 de、es、fr、hi、it、ja、ko、pl、pt、ru、tr 和 zh；或一个 .npz 文件。",
  "Your Cartesia API key.": "你的 Cartesia API 密钥。",
  "`run_server.py --voices` lists them.": "`run_server.py --voices` 会列出它们。",
  "sonic-3, sonic-2, sonic-turbo, ...": "sonic-3、sonic-2、sonic-turbo……",
  "wav is heard soonest.": "wav 最快听到。",
  "The language it speaks: en, zh, ja, de, ...": "它说的语言：en、zh、ja、de……",
  "happy, calm, sarcastic, ... (sonic-3)": "happy、calm、sarcastic……（sonic-3）",
  "1 is natural (sonic-3).": "1 为自然（sonic-3）。",
  "Where the service is.": "服务的地址。",
  "A model, as `tts --list_models` names it; it is fetched by the package.":
    "模型，按 `tts --list_models` 的写法；由软件包下载。",
  "A recording of the voice, for a model that imitates one.": "音色的录音，用于会模仿的模型。",
  "A speaker of a model with several; unset, the first of them.":
    "多音色模型中的音色；不设定则用第一个。",
  "The language, for a model that speaks several.": "语言，用于会说多种语言的模型。",
  "cpu or cuda; empty: a GPU if there is one.": "cpu 或 cuda；为空则有显卡就用显卡。",
  'As the page has it under "Use via API".': "按页面上 “Use via API” 中的写法。",
  "The address of the page.": "页面的地址。",
  "What the page is to do, in its words: 3s极速复刻, 跨语种复刻, ...":
    "页面要做什么，按它的用词：3s极速复刻、跨语种复刻……",
  "A voice that the model has.": "模型自带的音色。",
  "What is said in the recording.": "录音中说的话。",
  "A recording of the voice: an address, or a file.": "音色的录音：地址或文件。",
  "Another one, where the page has it.": "页面有第二段录音时填写。",
  "How it should speak, in words.": "用文字说明应该怎样说。",
  "What chance begins with.": "随机数从哪里开始。",
  "Have the page make the sound in parts.": "让页面分段合成声音。",
  "1 is natural.": "1 为自然。",
  "What the page is to do, in its words: 预训练音色, 3s极速复刻, ...":
    "页面要做什么，按它的用词：预训练音色、3s极速复刻……",
  "`python run_server.py --voices` lists them while this voice is chosen.":
    "选用这个引擎时，`python run_server.py --voices` 会列出它们。",
  "Higher or lower: +20Hz, -20Hz.": "更高或更低：+20Hz、-20Hz。",
  "Faster or slower: +20%, -20%.": "更快或更慢：+20%、-20%。",
  "Louder or softer: +20%, -20%.": "更响或更轻：+20%、-20%。",
  "An HTTP proxy through which the service is reached, http://host:port; unset, that of the environment (https_proxy).":
    "访问服务所用的 HTTP 代理，http://主机:端口；不设定则用环境变量中的（https_proxy）。",
  "Your ElevenLabs API key.": "你的 ElevenLabs API 密钥。",
  "`run_server.py --voices` lists those of your account.":
    "`run_server.py --voices` 会列出你账户中的音色。",
  "eleven_flash_v2_5 answers soonest.": "eleven_flash_v2_5 回应最快。",
  "pcm_24000 is heard soonest; the rates that a plan permits differ.":
    "pcm_24000 最快听到；可用的采样率取决于套餐。",
  "Higher is more even.": "越高越平稳。",
  "How near to the original.": "与原声有多接近。",
  "How much its style is exaggerated.": "风格夸张到什么程度。",
  "Nearer to the original, and slower.": "更接近原声，但更慢。",
  "The language it has to speak (ISO 639-1), where the model can be told.":
    "必须使用的语言（ISO 639-1），用于可以指定语言的模型。",
  "Your Fish Audio API key.": "你的 Fish Audio API 密钥。",
  "The voice: what follows /m/ in the address of its page on fish.audio.":
    "音色：fish.audio 上它的页面地址中 /m/ 之后的部分。",
  "balanced is heard sooner, normal is more stable.": "balanced 更快听到，normal 更稳定。",
  "The generation of the model: s2-pro, s1, ...": "模型的版本：s2-pro、s1……",
  "Louder or softer, in decibels.": "更响或更轻，以分贝计。",
  "The whole address.": "完整的地址。",
  "The language of what is said: zh, en, ja, auto.": "要说的语言：zh、en、ja、auto。",
  "The recording of the voice, 3 to 10 s: a file of the server's computer.":
    "音色的录音，3 到 10 秒：服务器所在电脑上的文件。",
  "The language of that recording.": "那段录音的语言。",
  "What is said in it.": "其中说的话。",
  "How the server divides a text.": "服务器怎样切分文本。",
  "How many parts it makes at once.": "同时合成多少段。",
  "What it sends.": "它发送的格式。",
  "true: have the sound sent while it is being made; newer servers also take 1, 2 and 3, the higher the sooner.":
    "“是”：边合成边发送声音；较新的服务器还接受 1、2 和 3，数字越大越快。",
  "Of `media_type: raw`, as the model has it.": "用于 `media_type: raw`，与模型一致。",
  "1 is natural, 2 is twice as fast.": "1 为自然，2 为两倍快。",
  "The voice peaks at a third of full scale; 2 makes it even.":
    "声音的峰值是满幅的三分之一；2 与其他声音一样响。",
  "Its first letter is the language: a American, b British English, z Chinese, j Japanese. `--voices` lists them.":
    "首字母表示语言：a 美式英语，b 英式英语，z 中文，j 日语。`--voices` 会列出它们。",
  "en, en-GB, zh or ja; unset, that of the voice's first letter.":
    "en、en-GB、zh 或 ja；不设定则由音色的首字母决定。",
  "Another export of Kokoro-82M v1.0, such as a fp32 .onnx; unset, the int8 one is fetched (92 MB).":
    "Kokoro-82M v1.0 的另一个导出文件，例如 fp32 的 .onnx；不设定则下载 int8 版（92 MB）。",
  "0: as many as there are processors, 4 at most.": "0：与处理器核心数相同，最多 4 个。",
  "A speaker of the language: EN-US, EN-BR, EN_INDIA, EN-AU, EN-Default; else what the language is called.":
    "该语言的一个音色：EN-US、EN-BR、EN_INDIA、EN-AU、EN-Default；其他语言则与语言同名。",
  "EN, EN_V2, EN_NEWEST, ES, FR, ZH, JP or KR.": "EN、EN_V2、EN_NEWEST、ES、FR、ZH、JP 或 KR。",
  "auto, cpu, cuda or mps.": "auto、cpu、cuda 或 mps。",
  "2 is twice as fast.": "2 为两倍快。",
  "The id of your account's group; newer accounts need none.":
    "你账户的群组 ID；较新的账户不需要。",
  "Your MiniMax API key.": "你的 MiniMax API 密钥。",
  "speech-02-turbo, speech-2.6-hd, ...": "speech-02-turbo、speech-2.6-hd……",
  'How words are read, as JSON: {"tone": ["处理/(chu3)(li3)"]}.':
    '词语怎样读，以 JSON 书写：{"tone": ["处理/(chu3)(li3)"]}。',
  "Higher or lower, in semitones.": "更高或更低，以半音计。",
  "Where the service is; https://api.minimax.io for accounts outside of China.":
    "服务的地址；中国以外的账户用 https://api.minimax.io。",
  "How many semitones higher, or lower if negative.": "升高多少个半音，负数为降低。",
  "As the server calls it: kokoro, gpt-4o-mini-tts.": "按服务器的叫法：kokoro、gpt-4o-mini-tts。",
  "As the server calls it; `run_server.py --voices` asks it which it has.":
    "按服务器的叫法；`run_server.py --voices` 会问它有哪些。",
  "The address up to and without /audio/speech.": "地址，到 /audio/speech 之前为止。",
  "In which format it sends the sound; pcm, 16 bits at 24 kHz, begins soonest where the server has it.":
    "它以什么格式发送声音；服务器支持时，pcm（16 位、24 kHz）最快听到。",
  "How it should speak, in words, for a model that can be told.":
    "用文字说明应该怎样说，用于可以这样指定的模型。",
  "A voice of Piper, with its .onnx.json beside it; or its name, such as de_DE-thorsten-medium: what is not in models/piper is fetched (63 MB, most of them).":
    "Piper 的音色文件，旁边有 .onnx.json；或它的名称，例如 de_DE-thorsten-medium：models/piper 中没有的会下载（多为 63 MB）。",
  "Which speaker, of a voice with several.": "多音色模型中的哪一个。",
  "2 is half as fast.": "2 为一半的速度。",
  "How much the sound varies.": "声音的变化程度。",
  "How much the pace varies.": "节奏的变化程度。",
  "Twice as loud is 2.": "2 为两倍响。",
  "Make each sentence as loud as it can be.": "让每句话都尽量响。",
  "Needs an NVIDIA GPU and onnxruntime-gpu.": "需要 NVIDIA 显卡和 onnxruntime-gpu。",
  "Its id, as `--voices` lists them; unset, the system's.":
    "它的 ID，见 `--voices`；不设定则用系统的。",
  "Words per minute; 0: that of the voice.": "每分钟的词数；0 为音色自身的速度。",
  "1 is the loudest.": "1 为最响。",
  "sapi5, nsss, avspeech or espeak; unset, the system's.":
    "sapi5、nsss、avspeech 或 espeak；不设定则用系统的。",
  "The .onnx file of the voice.": "音色的 .onnx 文件。",
  "Its tokens.txt; unset, the one beside it.": "它的 tokens.txt；不设定则用旁边的。",
  "Its lexicon.txt, if it has one; or several, by ,.":
    "它的 lexicon.txt（如果有）；多个用逗号分隔。",
  "Its espeak-ng-data; version 2 reads none.": "它的 espeak-ng-data；第 2 版不读取。",
  "Its folder dict, if it has one.": "它的 dict 文件夹（如果有）。",
  "Its .fst files that read numbers and dates, by ,.": "读数字和日期的 .fst 文件，用逗号分隔。",
  "How many are made at once.": "同时合成多少句。",
  "What computes it.": "用什么来计算。",
  "How many processors it takes.": "用多少个处理器核心。",
  "Let the library tell how the voice is made.": "让程序库说明声音是怎样合成的。",
  "Your SiliconFlow API key.": "你的 SiliconFlow API 密钥。",
  "The model.": "模型。",
  "A voice of yours (speech:...), or one of the model: FunAudioLLM/CosyVoice2-0.5B:anna.":
    "你自己的音色（speech:...），或模型的音色：FunAudioLLM/CosyVoice2-0.5B:anna。",
  "In samples per second, as the format permits.": "每秒的采样数，须为格式所允许。",
  "pcm is heard soonest.": "pcm 最快听到。",
  "Have the sound sent while it is being made.": "边合成边发送声音。",
  "voice_clone: the voice of a recording; voice_creation: one by gender, pitch and speed.":
    "voice_clone：用录音的音色；voice_creation：按性别、音高和语速生成。",
  "The recording whose voice is cloned: an address, or a file.": "要克隆音色的录音：地址或文件。",
  "Of a voice that is made.": "用于生成的音色。",
  "Of a voice that is made: 1 low, 5 high.": "用于生成的音色：1 低，5 高。",
  "Of a voice that is made: 1 slow, 5 fast.": "用于生成的音色：1 慢，5 快。",
  "F1 to F5, M1 to M5; or a voice of your own, a .json.":
    "F1 到 F5、M1 到 M5；或你自己的音色（.json）。",
  "Such as en, ko, ja, de, fr or es; na where it is not known, or changes.":
    "例如 en、ko、ja、de、fr 或 es；不知道或会变化时用 na。",
  "5 is quick, 12 is good.": "5 快，12 好。",
  "A voice in the server's folder `speakers`.": "服务器的 `speakers` 文件夹中的音色。",
  "The language of what is said: en, zh-cn, ja, ...": "要说的语言：en、zh-cn、ja……",
  "Have the sound sent while it is being made (/tts_stream); the server has to run its model itself (-ms local).":
    "边合成边发送声音（/tts_stream）；服务器须自己运行模型（-ms local）。",
  "How many processors a sentence takes.": "一句话用多少个处理器核心。",
  "Do not say emoji, smileys, Markdown marks and symbols that have no sound; of the address of a web page only its host.":
    "不念表情符号、颜文字、Markdown 标记和没有读音的符号；网址只念主机名。",
  "true: do not say [what is in brackets]; auto: only tags and stage directions, so that the label of a link is said.":
    "“是”：不念 [方括号中的内容]；auto：只略过标签和舞台提示，链接的文字仍会念出。",
  "true: do not say (what is in parentheses), full-width ones included; auto: only (smiles) and the like.":
    "“是”：不念（圆括号中的内容），全角也一样；auto：只略过（微笑）之类。",
  "true: do not say *what is in asterisks*; auto: only *waves* and the like, _waves_ and ~waves~ too; *stressed* words are said. **Bold** words always are.":
    "“是”：不念 *星号中的内容*；auto：只略过 *挥手* 之类，_挥手_ 和 ~挥手~ 也一样；*强调* 的词会念出。**粗体** 的词总会念出。",
  "Do not say <tags>.": "不念 <标签>。",
  "Speak each sentence in another language than it is shown in.": "每句话用与显示不同的语言说出。",
  "The language, by DeepL's code: JA, EN, DE, ZH, ...": "语言，用 DeepL 的代码：JA、EN、DE、ZH……",
  "Where the server is; it knows the paths /translate and /v2/translate.":
    "服务器的地址；支持 /translate 和 /v2/translate 路径。",
  "The access token, where the server was started with one.": "服务器以访问令牌启动时，填写令牌。",
  "The engine of llm_configs; unset, the one that the character has.":
    "llm_configs 中的引擎；不设定则用角色自己的。",
  "The language, as one would tell it to a person.": "语言，像对人说那样写。",
  "The SecretId of your Tencent Cloud key.": "你的腾讯云密钥的 SecretId。",
  "The SecretKey of that key.": "该密钥的 SecretKey。",
  "The region that answers.": "由哪个区域回应。",
  "The language she writes: zh, en, ... or auto.": "书写的语言：zh、en……或 auto。",
  "The language she speaks.": "说出的语言。",
  "Where it is.": "它的地址。",
};
