/// What the history has to say of itself (`History`), and the daemon of its writes.
let historySentences = [
  Sentence("history: {1}: {2*} ({3*})", "历史数据库：{1}：{2*}（{3*}）"),
  Sentence("history: {1}: {2*} ({3})", "历史数据库：{1}：{2*}（{3}）"),
  Sentence("history: {1}: {2*}", "历史数据库：{1}：{2*}"),
  Sentence(
    "attempt {1}, {2} records wait, next attempt in {3} ms", "第 {1} 次尝试，{2} 条记录等待，{3} ms 后重试"),
  Sentence("history: written again after {1} failed attempts", "历史数据库：{1} 次失败后恢复写入"),
  Sentence("{1} records had waited", "{1} 条记录曾在等待"),
  Sentence("{1} records lost", "丢失 {1} 条记录"),
  Sentence("old records were not deleted", "旧记录未删除"),
  Sentence("goes on", "继续"),
  // What is wrong.
  Sentence("not an SQLite database", "不是 SQLite 数据库"),
  Sentence("the database of another program (application_id {1})", "是其他程序的数据库（application_id {1}）"),
  Sentence(
    "written by a newer greensplit (schema {1}, this one knows {2})",
    "由更新的 greensplit 写成（结构 {1}，本程序为 {2}）"),
  Sentence(
    "written by an older greensplit (schema {1}, this one reads {2})",
    "由较旧的 greensplit 写成（结构 {1}，本程序为 {2}）"),
  Sentence("the database is damaged", "数据库已损坏"),
  Sentence("another program holds the database locked", "数据库被其他程序锁定"),
  Sentence("no space is left", "磁盘已满"), Sentence("may not be written", "不可写入"),
  Sentence("cannot be opened", "无法打开"), Sentence("reading or writing failed", "读写失败"),
  Sentence("a write-ahead log is not possible here", "此处无法使用预写日志"),
  Sentence("the file was moved, replaced or deleted while it was in use", "文件在使用中被移动、替换或删除"),
  Sentence("another program has it open", "已被其他程序打开"),
  Sentence("another copy is being written there", "另一份副本正写入该处"),
  Sentence("no room for it: it needs {1}, {2} are free", "空间不足：需要 {1}，可用 {2}"),
  Sentence("what stands there is not a history", "该处的文件不是历史数据库"),
  Sentence("all epochs have been given out", "任期号已用尽"),
  Sentence("a record does not fit", "有记录无法存入"),
  Sentence("too many records wait to be written", "等待写入的记录过多"),
  Sentence("the history is closed", "历史数据库已关闭"),
  Sentence("the database failed", "数据库出错"),
  // More of it.
  Sentence("there is no such file", "没有该文件"), Sentence("it is empty", "文件为空"),
  Sentence("no file is named", "未指定文件"), Sentence("not a regular file", "不是普通文件"),
  Sentence("{1} bytes", "{1} 字节"), Sentence("tables are missing", "缺少数据表"),
  Sentence("it is the copy itself", "它就是该副本"), Sentence("it is the history itself", "它就是历史数据库本身"),
  Sentence("epoch {1}", "任期号 {1}"),
  Sentence("{1} in row {2} makes no sense", "第 {2} 行的 {1} 无意义"),
  Sentence("{1} rows belong to rows that are missing", "{1} 行所属的行不存在"),
  Sentence("junction {1} was added and is not there", "路口 {1} 已添加却不存在"),
  Sentence(
    "junction {1}: a receipt for plan {2}/{3}, which is not recorded",
    "路口 {1}：有方案 {2}/{3} 的回执，而该方案未被记录"),
  // What to do.
  Sentence("name another file for the history", "请为历史数据库另指定文件"),
  Sentence(
    "run the newer greensplit, put the copy from before the upgrade back (greensplit history restore), or name another file for the history",
    "请运行更新的 greensplit，或恢复升级前的副本（greensplit history restore），或另指定文件"),
  Sentence(
    "let `greensplit run` open it once, which brings it up to date", "请用 greensplit run 打开一次以完成升级"),
  Sentence("move it away and restore a backup, or let a new one begin", "请移走并恢复备份，或新建数据库"),
  Sentence("end the other program", "请结束该程序"), Sentence("it is tried again", "将重试"),
  Sentence("free space on this file system", "请在此文件系统上腾出空间"),
  Sentence(
    "check that the directory exists and that greensplit may write the file and the directory",
    "请检查目录是否存在、greensplit 是否可写该文件和目录"),
  Sentence("check the disk and the kernel's log", "请检查磁盘和内核日志"),
  Sentence("put the file on a local file system", "请将文件放在本地文件系统"),
  Sentence("the records since then go into a new file of that name", "此后的记录写入同名新文件"),
  Sentence(
    "stop the daemon first (systemctl stop greensplit), then try again",
    "请先停止守护进程（systemctl stop greensplit）再重试"),
  Sentence("wait for its end", "请等待其结束"),
  Sentence("free space on this file system, or name a file on another", "请在此文件系统上腾出空间，或另指定文件"),
  Sentence("name another file", "请另指定文件"),
  Sentence("begin a new history and set the cabinets' epochs back", "请新建历史数据库并重置信号机任期号"),
  Sentence("it was left out", "已略去"),
  Sentence("please report this as a defect of greensplit", "请作为 greensplit 的缺陷上报"),
  Sentence("look for the trouble that was reported before", "请查看此前报告的问题"),
  Sentence("nothing more is recorded", "不再记录"),
  Sentence("look at the disk and the kernel's log", "请检查磁盘和内核日志"),
  // Writes.
  Sentence(
    "without --state or --history writes are not logged and cannot be stopped",
    "没有 --state 或 --history，写入不被记录，也无法停止"),
  Sentence(
    "everything is decided and recorded, and nothing is written to any cabinet", "全部决策均作记录，不写入任何信号机"
  ),
  Sentence(
    "everything is decided and recorded, and nothing is written to their cabinets",
    "全部决策均作记录，不写入其信号机"),
  Sentence("by {1} at {2}: {3}", "由 {1} 于 {2} 停止：{3}"), Sentence("by {1} at {2}", "由 {1} 于 {2} 停止"),
  Sentence("no reason given", "未说明原因"), Sentence("{1} cannot be opened: {2}", "{1} 无法打开：{2}"),
  Sentence("cabinets are only read", "只读取信号机"), Sentence("their leases lapse", "其租约将到期"),
  Sentence("the override that stopped it is over", "停止写入的人工干预已结束"),
  Sentence("lines cannot be written and wait: {1}", "日志行无法写入，正在等待：{1}"),
  Sentence("written again", "已恢复写入"),
  Sentence("{1} lines found no room and are lost", "{1} 行因空间不足而丢失"),
]
