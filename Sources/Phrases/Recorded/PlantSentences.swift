/// Why an attached traffic simulator was given up (`Simulation`); a result keeps it in English.
let plantSentences = [
  Sentence("no pipe for the plant: {1}", "无法为仿真器建立管道：{1}"),
  Sentence("the plant cannot be started: {1}", "仿真器无法启动：{1}"),
  Sentence(
    "the plant said its line {1} and read no lamps for {2} s",
    "仿真器写出第 {1} 行后，{2} s 内未读取灯色"),
  Sentence(
    "the plant's line 1 is no greeting: plant, name, begin, end, step and intersections are due",
    "仿真器的第 1 行不是问候：应有 plant、name、begin、end、step 和 intersections"),
  Sentence("the plant speaks version {1}", "仿真器的协议版本为 {1}"),
  Sentence("version 1 is known", "已知版本为 1"),
  Sentence(
    "the plant's line 1: step is 0.1 to 5 s, and end lies after begin",
    "仿真器的第 1 行：step 应为 0.1 至 5 s，end 应在 begin 之后"),
  Sentence("the cabinets cannot be put on a wire: {1*}", "无法把信号机接到线路上：{1*}"),
  Sentence("the cabinets cannot be put on a wire: {1}", "无法把信号机接到线路上：{1}"),
  Sentence("no site file for the plant's junction {1}", "仿真器的路口 {1} 没有路口文件"),
  Sentence("the plant's line {1}: t is missing", "仿真器的第 {1} 行：缺少 t"),
  Sentence(
    "the plant's line {1}: t is {2} after {3}; its clock goes forward by its step",
    "仿真器的第 {1} 行：t 由 {3} 到 {2}；其时钟应按步长前进"),
  Sentence("the plant's line {1} {2*}", "仿真器的第 {1} 行：{2*}"),
  Sentence("did not come within {1} s", "在 {1} s 内未到"),
  Sentence("has more than {1} bytes", "超过 {1} 字节"),
  Sentence("a line ends with a line feed", "每行以换行符结束"),
  Sentence("is missing: the plant ended", "缺失：仿真器已结束"),
  Sentence("is half written: it ended", "只写了一半：仿真器已结束"),
]
