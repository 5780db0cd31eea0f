/** What the server says of the settings of her ears, in Chinese, by its English. */

export const ears: Readonly<Record<string, string>> = {
  "A key of your Speech resource.": "你的语音资源的密钥。",
  "The region of your Speech resource.": "你的语音资源所在的区域。",
  "What may be spoken; which of it is, is detected. One alone is faster.":
    "可能说的语言；会自动检测是哪一种。只写一种更快。",
  "The address of your resource, where it has one of its own (https://NAME.cognitiveservices.azure.com); empty: that of the region.":
    "资源有自己的地址时填写（https://名称.cognitiveservices.azure.com）；为空则用区域的地址。",
  "Your Deepgram API key.": "你的 Deepgram API 密钥。",
  "One of Deepgram's models.": "Deepgram 的一个模型。",
  "Such as en or de; multi: any of those that the model detects.":
    "例如 en 或 de；multi 表示模型能检测的任何语言。",
  "The address of the API.": "API 的地址。",
  "A size (tiny, base, small, medium, large-v3-turbo) or a folder.":
    "大小（tiny、base、small、medium、large-v3-turbo）或文件夹。",
  "Where the model hub's files are put.": "从模型库下载的文件放在哪里。",
  "Such as en or zh; empty to detect it, which takes a second longer.":
    "例如 en 或 zh；为空则自动检测，要多花一秒。",
  "auto, cpu or cuda.": "auto、cpu 或 cuda。",
  "Words that tell the model what to expect.": "告诉模型可能出现哪些词语。",
  "It is the only one that runs here.": "这里只能运行这一个。",
  "auto, zh, en, ja, ko or yue.": "auto、zh、en、ja、ko 或 yue。",
  "Punctuation, and numbers as digits.": "添加标点，并把数字写成数码。",
  "How many threads it computes with.": "用多少个线程计算。",
  "cuda needs a build of sherpa-onnx for it.": "cuda 需要支持它的 sherpa-onnx 版本。",
  "One of Groq's Whisper models.": "Groq 的一个 Whisper 模型。",
  "Such as en or zh; empty to detect it.": "例如 en 或 zh；为空则自动检测。",
  "The address of Groq's API.": "Groq API 的地址。",
  "The address of the API, up to and without '/audio/transcriptions': OpenAI's, or that of a server of your own (speaches, vLLM, LocalAI, whisper.cpp ...).":
    "API 的地址，到 '/audio/transcriptions' 之前为止：OpenAI 的，或你自己的服务器（speaches、vLLM、LocalAI、whisper.cpp……）。",
  "The key of your account; a server of your own may need none.":
    "你的账户密钥；自己的服务器可能不需要。",
  "The model, as the service spells it.": "模型名称，按服务的写法。",
  "How freely words are chosen; the service decides if unset.":
    "用词的自由程度；不设定则由服务决定。",
  "A folder with encoder.int8.onnx, decoder.int8.onnx, joiner.int8.onnx and tokens.txt, counted from that of conf.yaml. Unset, version 3 is fetched (671 MB).":
    "含 encoder.int8.onnx、decoder.int8.onnx、joiner.int8.onnx 和 tokens.txt 的文件夹，相对于 conf.yaml 所在的文件夹。不设定则下载第 3 版（671 MB）。",
  "Which family of models it is.": "属于哪一系列的模型。",
  "Whether it is a model that follows who speaks: transducer, paraformer (with encoder and decoder), nemo_ctc, wenet_ctc and zipformer_ctc have such ones.":
    "是否是边说边识别的模型：transducer、paraformer（带编码器和解码器）、nemo_ctc、wenet_ctc 和 zipformer_ctc 有这样的模型。",
  "Of a model with an encoder: its path, counted from the folder of conf.yaml.":
    "带编码器的模型：编码器的路径，相对于 conf.yaml 所在的文件夹。",
  "The decoder to it: its path, counted from the folder of conf.yaml.":
    "与之对应的解码器的路径，相对于 conf.yaml 所在的文件夹。",
  "The joiner of a transducer: its path, counted from the folder of conf.yaml.":
    "transducer 的连接器的路径，相对于 conf.yaml 所在的文件夹。",
  "Of a Paraformer: its path, counted from the folder of conf.yaml.":
    "Paraformer 模型的路径，相对于 conf.yaml 所在的文件夹。",
  "Of a NeMo CTC model: its path, counted from the folder of conf.yaml.":
    "NeMo CTC 模型的路径，相对于 conf.yaml 所在的文件夹。",
  "Of a WeNet CTC model: its path, counted from the folder of conf.yaml.":
    "WeNet CTC 模型的路径，相对于 conf.yaml 所在的文件夹。",
  "Of a TDNN CTC model: its path, counted from the folder of conf.yaml.":
    "TDNN CTC 模型的路径，相对于 conf.yaml 所在的文件夹。",
  "The encoder of a Whisper model: its path, counted from the folder of conf.yaml.":
    "Whisper 模型编码器的路径，相对于 conf.yaml 所在的文件夹。",
  "The decoder of a Whisper model: its path, counted from the folder of conf.yaml.":
    "Whisper 模型解码器的路径，相对于 conf.yaml 所在的文件夹。",
  "Of a SenseVoice model: its path. Unset, the one of the original is fetched (sherpa-onnx-sense-voice-zh-en-ja-ko-yue-2024-07-17, 239 MB).":
    "SenseVoice 模型的路径。不设定则下载原版的模型（sherpa-onnx-sense-voice-zh-en-ja-ko-yue-2024-07-17，239 MB）。",
  "The encoder of a FireRedASR model: its path, counted from the folder of conf.yaml.":
    "FireRedASR 模型编码器的路径，相对于 conf.yaml 所在的文件夹。",
  "The decoder of a FireRedASR model: its path, counted from the folder of conf.yaml.":
    "FireRedASR 模型解码器的路径，相对于 conf.yaml 所在的文件夹。",
  "Of a model of any other type that is one file: its path, counted from the folder of conf.yaml.":
    "其他类型、只有一个文件的模型的路径，相对于 conf.yaml 所在的文件夹。",
  "The tokens of the model; unset, tokens.txt beside it.":
    "模型的 tokens 文件；不设定则用旁边的 tokens.txt。",
  "How many threads a model computes with.": "一个模型用多少个线程计算。",
  "Of SenseVoice: punctuation, and numbers as digits.":
    "用于 SenseVoice：添加标点，并把数字写成数码。",
  "Of SenseVoice (zh, en, ja, ko, yue), Whisper and Canary: the language, or auto. Others hear what they were trained on.":
    "用于 SenseVoice（zh、en、ja、ko、yue）、Whisper 和 Canary：语言，或 auto。其他模型只懂训练时的语言。",
  "cuda needs a build of sherpa-onnx for it; others compute on the CPU.":
    "cuda 需要支持它的 sherpa-onnx 版本；其余在 CPU 上计算。",
  "A size (tiny, base, small, medium, turbo), or a file.":
    "大小（tiny、base、small、medium、turbo）或文件。",
  "Where the package puts the weights that it fetches.": "软件包下载的权重放在哪里。",
  "A size (tiny, tiny.en, base, base.en, small, medium, large-v3-turbo, large-v3-turbo-q5_0), the name of a file in `model_dir`, or the path of a GGML file.":
    "大小（tiny、tiny.en、base、base.en、small、medium、large-v3-turbo、large-v3-turbo-q5_0）、`model_dir` 中的文件名，或 GGML 文件的路径。",
  "Where models of your own are.": "你自己的模型放在哪里。",
  "Such as en or zh; auto to detect it.": "例如 en 或 zh；auto 为自动检测。",
  "Print words as they are found.": "识别出词语时立即打印。",
  "Print how far it is.": "打印进度。",
  "How many threads it computes with; unset, one a core, 4 at most.":
    "用多少个线程计算；不设定则每核一个，最多 4 个。",
  "Sample rate of the microphone; 16000 is what is sent.": "麦克风的采样率；发送的是 16000。",
  "Sample rate of the model; only 16000 is supported.": "模型的采样率；只支持 16000。",
  "Speech probability that counts.": "达到多大概率算作说话。",
  "Loudness that counts, in dB of 16-bit samples; a quiet room is below 40.":
    "达到多大音量算作说话，16 位采样的分贝值；安静的房间低于 40。",
  "Voiced frames that begin an utterance.": "多少个有声帧开始一段话。",
  "Frames in a row that are surely voiced, each by itself, begin it at once; 0: none do.":
    "连续多少个各自确定有声的帧会立即开始一段话；0 为不使用。",
  "Unvoiced frames that end it: 24 are 0.77 s of silence. With `turn_config.detect_turns` that is for a pause of which nothing is known: it is shorter after what sounds complete, and longer after what does not.":
    "多少个无声帧结束一段话：24 帧为 0.77 秒的静默。启用 `turn_config.detect_turns` 时，这是无法判断的停顿的长度：听起来说完时更短，没说完时更长。",
  "Unvoiced frames after which transcription begins on a guess.": "多少个无声帧之后开始试着识别。",
  "Frames over which both are averaged.": "概率和音量取多少帧的平均。",
  "Take the turn sooner where what was said sounds complete, by its sound (the turn_model, 8.7 MB), its words and the person's own pace, and later where it does not. false: a pause of vad_config's length ends it, always.":
    "听起来说完时早些接话，没说完时晚些：依据声音（turn_model，8.7 MB）、用词和说话人的节奏。“否”：总是由 vad_config 的停顿长度决定。",
  "How likely the turn_model has to find it complete for that: above, the pause is shorter; below, longer.":
    "turn_model 认为说完的概率达到多少才算：高于它停顿更短，低于它更长。",
};
