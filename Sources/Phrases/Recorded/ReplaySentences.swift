/// What of a recorded day cannot be decided again, or is decided otherwise (`Replay`).
let replaySentences = [
  Sentence("the readings of ticks {1} to {2} are missing", "缺少第 {1} 至 {2} 步的读数"),
  Sentence("the readings cannot be read: {1*}", "读数无法读取：{1*}"),
  Sentence("they end too soon", "内容不完整"), Sentence("they are damaged", "已损坏"),
  Sentence("they are longer than they say", "长于所记的长度"),
  Sentence("a number is too long", "有一个数过长"), Sentence("a text ends too soon", "有一段文字不完整"),
  Sentence("a report makes no sense", "有一份状态报告无意义"),
  Sentence("a plan makes no sense", "有一个方案无意义"),
  Sentence("the cabinet's limits make no sense", "信号机的限值无意义"),
  Sentence("an override makes no sense", "有一次人工干预无意义"),
  Sentence("a neighbour's record makes no sense", "有一条相邻路口的记录无意义"),
  Sentence(
    "of {1} count records of a tick the history has {2}", "某一步的 {1} 条计数记录中，历史数据库只有 {2} 条"),
  Sentence("count record {1} cannot be read", "计数记录 {1} 无法读取"),
  Sentence(
    "another configuration was in force than at the day's end", "当时的配置与当日结束时不同"),
  Sentence(
    "another configuration was in force than at the end of the days", "当时的配置与这些日子结束时不同"),
  // Where two decisions differ.
  Sentence("a decision", "有无决策"), Sentence("one", "有"), Sentence("the time", "时刻"),
  Sentence("the rung of the ladder", "降级级别"), Sentence("the record", "记录"),
  Sentence("the plan", "方案"), Sentence("the cause of the rung", "降级原因"),
  Sentence("the reason", "决策理由"), Sentence("the cost ahead", "预计延误"),
  Sentence("the alternative", "备选方案"),
  Sentence("what the safety check refused", "安全检查所拒绝的方案"),
  Sentence("the stage that ran", "运行阶段"), Sentence("the queue of {1}", "{1} 的排队"),
  Sentence("the vehicles on the move of {1}", "{1} 的行驶车辆"),
  Sentence("the flow of {1}", "{1} 的流量"), Sentence("the trust of {1}", "{1} 的可信度"),
  Sentence("the time in view of {1}", "{1} 的可视时间"),
  Sentence("the time held up on green of {1}", "{1} 绿灯受阻时间"),
  Sentence("the capacity of late of {1}", "{1} 近期通行能力"),
  Sentence("arrivals from upstream at {1}", "{1} 的上游来车"),
  Sentence("rates of discharge", "驶离率"),
  Sentence("rates of discharge in changes", "阶段转换期间的驶离率"),
  Sentence("coordinated", "协调自适应"), Sentence("isolated", "单点自适应"),
  Sentence("onHistory", "单点自适应，部分检测器失效"), Sentence("local", "本地控制"),
  // What the model's estimate leaves out.
  Sentence(
    "nothing was counted at {1}, where the model lets nobody enter", "{1} 没有计数，模型不在该处放入车辆"),
  Sentence(
    "counts at stop lines are taken as demand: of a queue that grew all the time, the model sees what passed",
    "以停车线处的计数为需求：排队持续增长时，模型只看到已通过的车辆"),
  Sentence("nobody counted people on foot", "没有行人计数"), Sentence("the model has none", "模型中没有行人"),
]
