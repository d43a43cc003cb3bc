/// What the safety check has against plans (`Safety`).
let safetySentences = [
  Sentence("entry count: {1}, 1 to {2}", "方案项数：{1}，应为 1 至 {2}"),
  Sentence("known stages: stage number {1}, 1 to {2}", "已知阶段：阶段号 {1}，应为 1 至 {2}"),
  Sentence("minimum green: stage {1}: {2}, at least {3}", "最小绿：阶段 {1}：{2}，至少 {3}"),
  Sentence(
    "pedestrian time: stage {1}: {2}, at least {3} of walk and clearance",
    "行人时间：阶段 {1}：{2}，行人绿灯与清空至少 {3}"),
  Sentence(
    "maximum green: stage {1}: {2}, at most the entry's own longest green",
    "最大绿：阶段 {1}：{2}，不得超过该项自身的最大绿"),
  Sentence("maximum green: stage {1}: {2}, at most {3}", "最大绿：阶段 {1}：{2}，至多 {3}"),
  Sentence(
    "allowed change: stage {1} to {2}: forbidden, a stage that may follow",
    "允许的过渡：阶段 {1} 至 {2}：禁止过渡，应接可后续的阶段"),
  Sentence("cycle range: {1}, {2} to {3}", "周期范围：{1}，应为 {2} 至 {3}"),
  Sentence("cycle sum: entries and changes of {1}, cycle {2}", "周期合计：各项与过渡共 {1}，周期为 {2}"),
  Sentence(
    "running stage: stage {1}: a change is under way, a plan takes over while a stage is green",
    "运行阶段：阶段 {1}：正在过渡，方案须在阶段绿灯期间生效"),
  Sentence(
    "running stage: begins with stage {1}, stage {2} is running", "运行阶段：以阶段 {1} 开始，而阶段 {2} 正在运行"),
  Sentence("notice: stage {1}: ends after {2}, not before {3}", "预告时间：阶段 {1}：{2} 后结束，不得早于 {3}"),
  Sentence(
    "largest change: stage {1}: {2} to {3}, at most {4} at once", "最大变化：阶段 {1}：由 {2} 到 {3}，一次至多 {4}"
  ),
  Sentence("plan interval: {1} after the plan before, at least {2}", "方案间隔：距上一方案 {1}，至少 {2}"),
  Sentence("longest red: signal group {1}: never green, at most {2}", "最长红灯：灯组 {1}：从无绿灯，至多 {2}"),
  Sentence("longest red: signal group {1}: red for {2}, at most {3}", "最长红灯：灯组 {1}：红灯 {2}，至多 {3}"),
  Sentence("shortest green", "最小绿"), Sentence("longest green", "最大绿"),
  Sentence("pedestrian time", "行人时间"),
  Sentence("largest change from the running plan", "相对运行方案的最大变化"),
]
