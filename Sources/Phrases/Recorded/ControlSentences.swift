/// Causes of the degrade ladder and reasons of decisions (`Control`).
let controlSentences = [
  Sentence("starting", "正在启动"),
  Sentence("no fresh report of the cabinet", "信号机没有新的状态报告"),
  Sentence("the cabinet's limits are not known or do not fit", "信号机的限值未知或与路口文件不符"),
  Sentence("the cabinet is under {1*} control", "信号机处于{1*}"),
  Sentence("central", "中心控制"), Sentence("timeOfDay", "本地控制"), Sentence("manual", "手动"),
  Sentence("flash", "黄闪"), Sentence("preempt", "优先"),
  Sentence("critical fault bits {1}", "严重故障位 {1}"),
  Sentence("{1} % of the lane groups without counts: {2*}", "{1}% 的车道组没有计数：{2*}"),
  Sentence("{1} % of the lane groups without counts", "{1}% 的车道组没有计数"),
  Sentence("{1} % of the lane groups on history", "{1}% 的车道组采用历史数据"),
  Sentence("all lane groups have fresh counts", "全部车道组计数有效"),
  Sentence(
    "{1} of {2} detectors on history: {3*} and {4} more", "{2} 个检测器中 {1} 个采用历史数据：{3*}，另有 {4} 个"),
  Sentence("{1} of {2} detectors on history: {3*}", "{2} 个检测器中 {1} 个采用历史数据：{3*}"),
  Sentence("{1} (camera {2}) {3*}", "{1}（相机 {2}）{3*}"),
  Sentence("Nothing is sent: {1*}.", "不下发方案：{1*}。"),
  Sentence("The time-of-day plan runs: {1*}.", "运行时段方案：{1*}。"),
  Sentence("Back to time-of-day plan {1}: {2*}.", "恢复时段方案 {1}：{2*}。"),
  Sentence("Override {1} by {2} ({3})", "人工干预 {1}，{2}（{3}）"),
  Sentence(
    "Override {1} by {2} ({3}) cannot be done; the plan that runs goes on.",
    "人工干预 {1}，{2}（{3}）无法执行；继续运行当前方案。"),
  Sentence("Override {1} by {2} ({3}): {4}, round and round.", "人工干预 {1}，{2}（{3}）：{4}，循环运行。"),
  Sentence("No plan passed the safety check; the one that runs goes on.", "没有方案通过安全检查；继续运行当前方案。"),
  Sentence("the limits leave no cycle: {1*}", "限值之间没有可行周期：{1*}"),
  Sentence("no plan keeps to the limits: {1*}", "没有方案满足限值：{1*}"),
  Sentence("The limits leave no cycle: {1*}.", "限值之间没有可行周期：{1*}。"),
  Sentence("Cycle of {1}: {2}; highest degree of saturation {3}.{4*}", "周期 {1}：{2}；最高饱和度 {3}。{4*}"),
  Sentence(
    "The {1*} of {2} binds: a second of it costs {3} vehicle seconds an hour.{4*}",
    "{2} 的{1*}起约束作用：每秒使每小时多延误 {3} 车秒。{4*}"),
  Sentence(
    "Left out, for others serve their signal groups: {1}.{2*}", "省略（其信号组在其他阶段放行）：{1}。{2*}"),
  Sentence("For the flows alone it would be {1}.{2*}", "仅按流量应为 {1}。{2*}"),
  Sentence(
    "Counted more, for it is about to block the junction upstream: {1}.{2*}",
    "排队即将堵到上游路口，加权计算：{1}。{2*}"),
  Sentence(
    "Let out first, for it fills the road from the junction upstream: {1}.{2*}",
    "占满来自上游路口的短路段，优先放行：{1}。{2*}"),
  Sentence(
    "Stands on green, as before a full road: {1}.{2*}",
    "绿灯下不动，疑似前方路段已满：{1}。{2*}"),
  Sentence("Nobody is waiting.", "无车等待。"),
  Sentence("Waiting: {1}.", "排队：{1}。"),
  Sentence(
    "After stage {1}: then stage {2} for {3}; {4} vehicle-seconds ahead.{5*}",
    "阶段 {1} 之后：阶段 {2} 运行 {3}；预计延误 {4} 车秒。{5*}"),
  Sentence(
    "After stage {1}: nothing is waiting; {2} vehicle-seconds ahead.{3*}",
    "阶段 {1} 之后：无车等待；预计延误 {2} 车秒。{3*}"),
  Sentence(
    "Stage {1} ends now, then stage {2} for {3}; {4} vehicle-seconds ahead.{5*}",
    "阶段 {1} 立即结束，随后阶段 {2} 运行 {3}；预计延误 {4} 车秒。{5*}"),
  Sentence("Stage {1} ends now; {2} vehicle-seconds ahead.{3*}", "阶段 {1} 立即结束；预计延误 {2} 车秒。{3*}"),
  Sentence(
    "Stage {1} goes on for {2} s, then stage {3} for {4}; {5} vehicle-seconds ahead.{6*}",
    "阶段 {1} 再运行 {2} 秒，随后阶段 {3} 运行 {4}；预计延误 {5} 车秒。{6*}"),
  Sentence(
    "Stage {1} goes on for {2} s; {3} vehicle-seconds ahead.{4*}",
    "阶段 {1} 再运行 {2} 秒；预计延误 {3} 车秒。{4*}"),
  Sentence(
    "Stage {1} goes on, then stage {2} for {3}; {4} vehicle-seconds ahead.{5*}",
    "阶段 {1} 继续运行，随后阶段 {2} 运行 {3}；预计延误 {4} 车秒。{5*}"),
  Sentence("Stage {1} goes on; {2} vehicle-seconds ahead.{3*}", "阶段 {1} 继续运行；预计延误 {2} 车秒。{3*}"),
  Sentence("hold stage {1} {2} s more", "保持阶段 {1} {2} 秒"),
  Sentence("hold stage {1} to the horizon's end", "保持阶段 {1} 至预测期末"),
  Sentence("The next cycle is decided shortly before it begins.", "下一周期在其开始前不久决定。"),
  Sentence("What was decided stands until counts come.", "已作的决定在新的计数到来之前有效。"),
  Sentence("The next stage is decided shortly before it begins.", "下一阶段在其开始前不久决定。"),
  Sentence("A change is under way.", "正在过渡。"),
  Sentence("stage number {1}: {2*} {3} exceeds {4*} {5}", "第 {1} 个阶段：{2*} {3} 大于{4*} {5}"),
  Sentence(
    "shortest greens and changes need {1}, the longest cycle is {2}", "最小绿与过渡共需 {1}，而最长周期为 {2}"),
  Sentence(
    "longest greens and changes reach {1}, the shortest cycle is {2}", "最大绿与过渡合计 {1}，而最短周期为 {2}"),
  Sentence("lane group number {1} has demand, but no stage serves it", "第 {1} 个车道组有需求，但没有阶段放行"),
]
