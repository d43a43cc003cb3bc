/// What the checks of a cabinet are and come to (`Profiles`); sections of the register map keep their
/// headings.
let conformanceSentences = [
  Sentence("passed", "通过"), Sentence("failed", "不通过"), Sentence("not supported", "不支持"),
  Sentence("not tried", "未检查"),
  // Checks.
  Sentence("orders and leases", "方案与租约"), Sentence("orders", "方案"), Sentence("leases", "租约"),
  Sentence(
    "work at the cabinet (0x89, 0x8B, a restart)", "信号机处的操作（0x89、0x8B、重新启动）"),
  Sentence("identity: signature and version (Identity)", "标识：特征字与版本（Identity）"),
  Sentence("clock (Clock)", "时钟（Clock）"), Sentence("result (Result)", "结果（Result）"),
  Sentence("stages: checksum, number and revision (Stages)", "阶段：校验和、数量与版本（Stages）"),
  Sentence(
    "intergreens vouched for by the limits (Intergreens, Limits)", "绿间隔由限值块校验（Intergreens、Limits）"),
  Sentence("active: checksum and stages (Active)", "运行方案：校验和与阶段（Active）"),
  Sentence(
    "reads outside the map are exception 2, too many registers exception 3",
    "读取寄存器表之外为异常 2，寄存器过多为异常 3"),
  Sentence("live: whole, and going on (Live)", "实时块：完整且持续变化（Live）"),
  Sentence(
    "live: never torn unseen, its counters move with the stages (Live)",
    "实时块：撕裂可被发现，计数随阶段变化（Live）"),
  Sentence("fencing (How a plan runs)", "任期号保护（How a plan runs）"),
  Sentence(
    "a higher epoch begins its sequence anew (How a plan runs)", "更高的任期号使序号重新开始（How a plan runs）"),
  Sentence(
    "parts of a block are exception 3, what is only read is exception 2",
    "只写寄存器块的一部分为异常 3，写入只读部分为异常 2"),
  Sentence(
    "a wrong checksum is 0x81 and does not count (Plan, Result)", "校验和错误为 0x81 且不计入（Plan、Result）"),
  Sentence("a wrong key is exception 3 (Plan)", "密钥错误为异常 3（Plan）"),
  Sentence("the same order again has no effect (Plan)", "重复同一方案不起作用（Plan）"),
  Sentence("a sequence used before is 0x83 (Result)", "用过的序号为 0x83（Result）"),
  Sentence("an older epoch is 0x82 (Result)", "较旧的任期号为 0x82（Result）"),
  Sentence("the cabinet's own plan is valid (Plan)", "信号机自身方案有效（Plan）"),
  Sentence("an unknown stage is 0x88, with its entry", "未知阶段为 0x88，并指出该项"),
  Sentence("a plan without entries is 0x88", "没有任何项的方案为 0x88"),
  Sentence("a green above its maximum is 0x84, with its entry", "绿灯超过最大绿为 0x84，并指出该项"),
  Sentence("a cycle that is not the sum is 0x85 (Result)", "周期与合计不符为 0x85（Result）"),
  Sentence("a cycle out of range is 0x86 (Result)", "周期超出范围为 0x86（Result）"),
  Sentence("a lease out of range is 0x8A (Result)", "租约超出范围为 0x8A（Result）"),
  Sentence(
    "a plan that leaves signal groups red for ever is 0x8D (Result)", "使灯组一直红灯的方案为 0x8D（Result）"),
  Sentence("a forbidden change is 0x87, with its entry (Result)", "禁止过渡为 0x87，并指出该项（Result）"),
  Sentence(
    "a plan for now that begins with another stage is 0x8C (Result)",
    "立即生效而首项不是运行阶段的方案为 0x8C（Result）"),
  Sentence("an order is taken, and its lease begins (Plan, Lease)", "接收方案，租约开始（Plan、Lease）"),
  Sentence(
    "a heartbeat renews the lease once for each beat (Heartbeat)", "每次心跳续租一次（Heartbeat）"),
  Sentence(
    "it takes over and shows in active as it was ordered (Active)", "方案生效，并如所下发地显示于 active（Active）"),
  Sentence(
    "its lease lapses, and the cabinet returns to its own plan (Lease)", "租约到期，信号机恢复自身方案（Lease）"),
  Sentence("a lapsed lease is not renewed (Heartbeat)", "到期的租约不再续期（Heartbeat）"),
  Sentence("release gives control back (Plan)", "释放即交还控制（Plan）"),
  Sentence(
    "held by a person, an order is 0x89, and ours has ended (Result)",
    "手动控制时方案为 0x89，原有方案已结束（Result）"),
  Sentence(
    "given back, it takes orders again (How a plan runs)", "交还后再次接收方案（How a plan runs）"),
  Sentence(
    "a changed site revision is 0x8B until stages are read (Result)",
    "路口数据版本改变后，读取阶段之前为 0x8B（Result）"),
  Sentence(
    "a restart in the middle of a plan: its own plan, epoch and sequence kept (Lease)",
    "方案运行中重新启动：运行自身方案，保留任期号与序号（Lease）"),
  Sentence("an order runs before the restart (Plan)", "重新启动之前方案在运行（Plan）"),
  // What somebody is asked to do.
  Sentence("Switch the cabinet to manual.", "请将信号机切换到手动。"),
  Sentence("Switch the cabinet back to automatic.", "请将信号机切换回自动。"),
  Sentence(
    "Load the site configuration again, so that its revision becomes another.",
    "请重新载入路口数据，使其版本改变。"),
  Sentence("Switch the cabinet off and on.", "请将信号机断电后再通电。"),
  // Why a check was not made.
  Sentence("the cabinet could not be read", "无法读取信号机"), Sentence("reading only", "仅读取"),
  Sentence("another daemon or a person holds control", "由另一守护进程或人员控制"),
  Sentence("nothing may be activated", "不得启用任何方案"),
  Sentence("needs somebody at the cabinet: {1*}", "需要有人在信号机旁：{1*}"),
  Sentence("the identity says so", "标识块如此说明"), Sentence("its own plan has one stage", "自身方案只有一个阶段"),
  Sentence("every change is allowed here", "此处允许所有过渡"),
  Sentence("it cannot take plans over now", "不支持方案立即生效"),
  Sentence("no stage changed within {1} s", "{1} s 内没有阶段变化"),
  // What was found.
  Sentence("block live cannot be read", "实时块无法读取"), Sentence("busy for 300 s", "300 s 内一直忙"),
  Sentence("register {1}: {2*}", "寄存器 {1}：{2*}"),
  Sentence("a read across the end of identity: {1*}", "越过标识块末尾的读取：{1*}"),
  Sentence("a read of 101 registers: {1*}", "读取 101 个寄存器：{1*}"),
  Sentence("a part of {1}: {2*}", "只写 {1} 的一部分：{2*}"),
  Sentence("a write of stages: {1*}", "写入阶段块：{1*}"), Sentence("key: {1*}", "密钥：{1*}"),
  Sentence("it was done", "已执行"), Sentence("version {1} of the map", "寄存器表版本为 {1}"),
  Sentence("{1} stages, shortest lease {2} s", "{1} 个阶段，最短租约 {2} s"),
  Sentence("revision {1}, {2} stages", "版本 {1}，{2} 个阶段"), Sentence("checksum {1}", "校验和为 {1}"),
  Sentence("the highest epoch is the last there is", "最高任期号已是最后一个"),
  Sentence("a lease of {1} s: {2*}", "租约 {1} s：{2*}"),
  Sentence("the time in the cycle stands still", "周期内时间停滞"),
  Sentence("source {1*} with a lease of {2} s", "控制方式为{1*}，租约 {2} s"),
  Sentence(
    "{1*} of stage {2} and {3*} of stage {4} under the same counter {5}",
    "阶段 {2} 的{1*}与阶段 {4} 的{3*}使用同一计数 {5}"),
  Sentence("{1} in a state that had lasted {2}", "状态已持续 {2}，却报告 {1}"),
  Sentence("lease left {1} s after a beat, {2} s before", "心跳后租约剩余 {1} s，之前为 {2} s"),
  Sentence("lease left {1} s", "租约剩余 {1} s"), Sentence("it still runs after {1} s", "{1} s 后仍在运行"),
  Sentence("a lease is left", "租约仍有剩余"),
  Sentence("a beat of another sequence renews", "其他序号的心跳也能续租"),
  Sentence("the same beat renews again", "同一心跳再次续租"),
  Sentence("it does not run after {1} s", "{1} s 后仍未运行"),
  Sentence("active holds another plan than was ordered", "active 中的方案与所下发的不同"),
  Sentence("source {1*}, lease left {2} s, order {3}", "控制方式为{1*}，租约剩余 {2} s，方案 {3}"),
  Sentence("source {1*}, lease left {2} s", "控制方式为{1*}，租约剩余 {2} s"),
  Sentence("revision {1} as before", "版本 {1} 未变"),
  Sentence("stages of revision {1}", "阶段块的版本为 {1}"),
  Sentence("cycle {1}, {2} before", "周期号 {1}，之前为 {2}"),
  Sentence("{1*} holds control after {2} s", "{2} s 后仍处于{1*}"),
  Sentence("no answer after {1} s", "{1} s 后仍无应答"),
  // What would be right.
  Sentence("exception {1} is right", "应为异常 {1}"),
  Sentence("1 to 16 stages and a lease above 0 are right", "应为 1 至 16 个阶段，租约大于 0"),
  Sentence(
    "revision {1} and {2} stages are right by the identity", "按标识块应为版本 {1}，{2} 个阶段"),
  Sentence(
    "epoch {1}, sequence 1 and staged are right", "应为任期号 {1}，序号 1，已暂存"),
  Sentence("the first stays", "应保持第一次的结果"), Sentence("it goes on", "应持续变化"),
  Sentence("each state has its own", "每个状态应有各自的计数"), Sentence("time goes on", "时间应持续增加"),
  Sentence("pending or active is right", "应为待生效或运行中"),
  Sentence("finished and no lease are right", "应为已结束且无租约"), Sentence("it must not", "不应如此"),
  Sentence("manual and none are right", "应为手动且无租约"), Sentence("another is right", "应为另一个"),
  Sentence("time-of-day, none and 0 are right", "应为本地控制、无租约、方案 0"),
  Sentence("they are counted from the start", "应从启动起计数"),
  Sentence("{1*}, entry {2} is right", "应为{1*}，第 {2} 项"),
  Sentence("{1*}, sequence {2} is right", "应为{1*}，序号 {2}"),
  Sentence("{1} and {2} are right", "应为 {1} 和 {2}"), Sentence("{1*} is right", "应为{1*}"),
  Sentence("{1} is right", "应为 {1}"),
  // Found or right, with what it is about.
  Sentence("epoch {1}, sequence {2}, {3*}", "任期号 {1}，序号 {2}，{3*}"),
  Sentence("epoch {1}, sequence {2}", "任期号 {1}，序号 {2}"),
  Sentence("{1*}, lease left {2} s", "{1*}，租约剩余 {2} s"),
  Sentence("{1*} at another time", "另一时刻的{1*}"), Sentence("{1*}, entry {2}", "{1*}，第 {2} 项"),
  Sentence("{1*}, sequence {2}", "{1*}，序号 {2}"), Sentence("{1*} ({2})", "{1*}（代码 {2}）"),
  Sentence("green", "绿灯"), Sentence("greenFlash", "绿闪"), Sentence("yellow", "黄灯"),
  Sentence("allRed", "全红"), Sentence("bit {1}", "位 {1}"),
]
