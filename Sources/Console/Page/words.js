// Every word of the page that is not the daemon's, in both languages.
const WORDS = {
  skip: ["Skip to content", "跳到正文"], navigation: ["Main", "主导航"], junctions: ["Junctions", "路口"],
  alarms: ["Alarms", "报警"], overrides: ["Overrides", "人工干预"], signIn: ["Sign in", "登录"],
  signOut: ["Sign out", "退出"], cancel: ["Cancel", "取消"], search: ["Search by number or name", "按编号或名称查找"],
  mode: ["Control mode", "控制方式"], trouble: ["Trouble", "问题"], junction: ["Junction", "路口"],
  saturation: ["Degree of saturation", "饱和度"], since: ["Since", "起始时间"], pages: ["Pages", "分页"],
  previous: ["Previous", "上一页"], next: ["Next", "下一页"], back: ["← All junctions", "← 全部路口"],
  running: ["Running now", "当前运行"], signalGroups: ["Signal groups", "灯组"], why: ["Plan and why", "方案与原因"],
  laneGroups: ["Lane groups", "车道组"], laneGroup: ["Lane group", "车道组"], signal: ["Signal", "信号"],
  queue: ["Queue (pcu)", "排队（pcu）"], flow: ["Flow (pcu/h)", "流量（pcu/h）"], trust: ["Trust", "可信度"],
  detectors: ["Detectors and counts", "检测器与计数"], detector: ["Detector", "检测器"], camera: ["Camera", "相机"],
  health: ["Health", "健康状态"], day: ["The last 24 hours", "最近24小时"], override: ["Override", "人工干预"],
  tokenHelp: ["The token is one line of text that whoever runs this daemon gave you. It is kept until this tab is closed.",
    "令牌是管理员发给您的一行文字，关闭本标签页后不再保存。"], tokenLabel: ["Token", "令牌"],
  live: ["live", "实时"], lost: ["no connection, trying again", "连接中断，正在重连"], tokenNeeded: [
    "A token is needed: sign in.", "需要令牌，请登录。"], tokenRole: ["Your token does not allow this; the attempt was recorded.",
    "您的令牌无此权限，此次尝试已记录。"], tooOften: ["Asked too often; trying again.", "请求过于频繁，正在重试。"],
  shown: ["{0} of {1} junctions", "共 {1} 个路口，显示 {0} 个"], page: ["page {0} of {1}", "第 {0} / {1} 页"],
  none: ["Nothing to show.", "暂无内容。"], noneWrong: ["No trouble.", "未发现问题。"], noJunction: [
    "This daemon has no junction {0}.", "没有路口 {0}。"], any: ["All", "全部"], anyTrouble: ["Any trouble", "任一问题"],
  stage: ["Stage", "阶段"], left: ["{0} s left", "剩余 {0} 秒"], leftRange: ["{0} to {1} s left", "剩余 {0} 至 {1} 秒"],
  green: ["green", "绿灯"], green_flash: ["flashing green", "绿闪"], yellow: ["yellow", "黄灯"], all_red: ["all red", "全红"],
  nextStage: ["Next stage", "下一阶段"], inCycle: ["Time in cycle", "周期内时间"], lease: ["Lease left", "租约剩余"],
  reportAge: ["Report is", "数据时延"], old: ["{0} s old", "{0} 秒"], seconds: ["{0} s", "{0} 秒"],
  noReport: ["The cabinet has not told anything yet.", "信号机尚无上报。"], red: ["red", "红灯"],
  permissiveGreen: ["green, gives way", "绿灯（让行）"], flashingGreen: ["flashing green", "绿闪"], redYellow: ["red and yellow", "红黄"],
  dark: ["dark", "灭灯"], flashingYellow: ["flashing yellow", "黄闪"], plan: ["Plan that runs", "运行方案"],
  order: ["Plan sent last", "最近下发方案"], orderWhy: ["Why it was sent", "下发原因"], noSignal: ["no signal", "无信号控制"], own: ["cabinet's own", "信号机自身"], cycle: ["Cycle", "周期"], offset: ["Offset", "相位差"],
  cost: ["Cost of the choice", "所选代价"], vehicleSeconds: ["{0} vehicle-seconds", "{0} 车·秒"], alternative: ["Best alternative", "次优选择"],
  refused: ["Refused by the safety check", "安全检查拒绝"], cause: ["Cause", "原因"], ok: ["ok", "正常"], suspect: ["suspect", "可疑"],
  fault: ["fault", "故障"], counts: ["{0} records taken, {1} late, {2} refused for their clock", "已接收 {0} 条，迟到 {1} 条，因时钟拒收 {2} 条"],
  chart: ["Flow and highest degree of saturation, a quarter of an hour at a time", "每15分钟的流量与最高饱和度"],
  asTable: ["As a table", "以表格显示"], time: ["Time", "时间"], kind: ["Kind", "类别"], what: ["What", "内容"], until: ["Until", "结束"],
  still: ["still", "持续中"], action: ["What", "操作"], reason: ["Reason (is recorded)", "原因（将被记录）"],
  minutes: ["For how many minutes", "持续分钟数"], takeOver: ["Take over from another operator", "接替其他操作员"],
  junctionIds: ["Junctions, separated by commas", "路口编号，用逗号分隔"], planGreens: ["Stages and their greens in seconds", "各阶段绿灯秒数"],
  dayPlan: ["Plan of the site file (the one that is due if empty)", "路口文件中的方案（留空为当前时段方案）"],
  legs: ["Each line: junction, stage, from, until (times of today)", "每行：路口 阶段 开始 结束（当天时刻）"], endsOther: ["Ends", "将解除"],
  check: ["Show what it would do", "预览影响"], doIt: ["Do it", "执行"], done: ["Done.", "已执行。"], end: ["End", "解除"],
  ended: ["Ended.", "已解除。"], operator: ["Who", "操作员"], notOffered: ["Overrides are not offered by this daemon.", "本守护进程不提供人工干预。"],
  failed: ["Failed: {0}", "失败：{0}"], "act-stage": ["Lock a stage", "锁定阶段"], "act-plan": ["Lock a plan", "指定方案"],
  "act-day-plan": ["Hand over to the time-of-day plan", "转时段方案（单点定时）"], "act-flash": ["Flashing yellow", "黄闪"],
  "act-all-red": ["All red", "全红"], "act-writes": ["Stop all writing", "停止写入"], "act-route": ["Green along a route", "勤务路线"],
};

const SAVED = "greensplit.language";
let language = (() => {
  const saved = localStorage.getItem(SAVED);
  if (saved === "en" || saved === "zh") return saved;
  const first = (navigator.languages || ["en"])[0] || "en";
  return first.toLowerCase().startsWith("zh") ? "zh" : "en";
})();

/** The text `key` in the language that is on, with what stands for {0}, {1} … */
function t(key, ...values) {
  const text = WORDS[key] ? WORDS[key][language === "zh" ? 1 : 0] : key;
  return text.replace(/\{(\d)\}/g, (_, position) => values[Number(position)]);
}

/** What the daemon says in both languages. */
const said = (words) => (words ? words[language] || words.en || "" : "");

function translate() {
  document.documentElement.lang = language === "zh" ? "zh-Hans" : "en";
  for (const element of document.querySelectorAll("[data-t]")) element.textContent = t(element.dataset.t);
  for (const element of document.querySelectorAll("[data-label]")) element.setAttribute("aria-label", t(element.dataset.label));
  const button = document.getElementById("language");
  button.textContent = language === "zh" ? "English" : "中文";
  button.lang = language === "zh" ? "en" : "zh-Hans";
}
