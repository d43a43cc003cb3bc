/// Why counts cannot be taken, and nobody answered over HTTP (`Feeds`, `Web`). Reasons of the system
/// stay as it gives them.
let feedSentences = [
  Sentence(
    "{1}: cannot be opened: the path of a socket has at most 107 bytes", "{1}：无法打开：套接字路径至多 107 字节"),
  Sentence("{1}: cannot be opened: another program listens there", "{1}：无法打开：已有其他程序在监听"),
  Sentence("{1}: cannot be opened: {2}", "{1}：无法打开：{2}"),
  Sentence("{1}: is no file of count records", "{1}：不是计数记录文件"),
  Sentence("name a file or a pipe", "请指定文件或管道"),
  Sentence("{1}: cannot be read: {2}", "{1}：无法读取：{2}"),
  Sentence("{1}: is no numeric address", "{1}：不是数字地址"),
  Sentence("write one such as 127.0.0.1 or ::1", "请写如 127.0.0.1 或 ::1 的地址"),
  Sentence("{1}: can be reached by others", "{1}：其他机器可以访问"),
  Sentence(
    "name a token file or the authority of the senders' certificates, or listen on 127.0.0.1",
    "请指定令牌文件或发送方证书的签发机构，或在 127.0.0.1 监听"),
  Sentence("{1}: the token file {2*}", "{1}：令牌文件{2*}"),
  Sentence("{1}: the password file {2*}", "{1}：密码文件{2*}"),
  Sentence(
    "{1}: cannot be used for TLS: name our certificate and its key too",
    "{1}：不能用于 TLS：还请指定本机证书及其密钥"),
  Sentence(
    "{1}: cannot be used for TLS: it is no file of at most 1 MiB", "{1}：不能用于 TLS：不是至多 1 MiB 的文件"),
  Sentence("{1}: cannot be used for TLS: it holds no PEM text", "{1}：不能用于 TLS：其中没有 PEM 文本"),
  Sentence("{1}: cannot be used for TLS: {2}", "{1}：不能用于 TLS：{2}"),
  Sentence("{1} port {2}: cannot listen: {3}", "{1} 端口 {2}：无法监听：{3}"),
  Sentence("certificates for MQTT cannot be used: {1}", "MQTT 证书无法使用：{1}"),
  Sentence("{1}: is no topic to subscribe to", "{1}：不是可订阅的主题"),
  Sentence("+ stands for one level and # for all at the end", "+ 代表一级，末尾的 # 代表其后各级"),
  Sentence("libmosquitto: {1}", "libmosquitto 出错：{1}"),
  // What is wrong with the file of a token or a password.
  Sentence("cannot be opened: {1}", "无法打开：{1}"), Sentence("cannot be read: {1}", "无法读取：{1}"),
  Sentence("is no file", "不是文件"),
  Sentence("may be read or written by others than its owner", "可被所有者以外的用户读写"),
  Sentence("chmod 600 it", "请对其 chmod 600"),
  Sentence("is longer than {1} bytes", "超过 {1} 字节"), Sentence("is empty", "为空"),
  Sentence("write one line of random text into it", "请写入一行随机文本"),
  Sentence(
    "must hold one line of printable ASCII without spaces", "应为一行不含空格的可打印 ASCII 字符"),
  // What happens on the way of counts.
  Sentence("open, read from byte {1} on", "已打开，从第 {1} 字节起读取"),
  Sentence("another file has taken the name", "文件名已属于另一文件"),
  Sentence("the old one was read to its end", "原文件已读完"),
  Sentence("it was cut short and is read from its beginning", "文件被截短，从头读取"),
  Sentence("{1} bytes of a half-written line are lost", "丢失未写完的一行中的 {1} 字节"),
  Sentence("connected", "已连接"), Sentence("lost: {1}", "连接中断：{1}"),
  Sentence("next attempt in {1} s", "{1} s 后重试"),
  Sentence(
    "the broker does not let us hear one of our topics", "MQTT 代理不允许订阅其中一个主题"),
  Sentence("see its access list", "请查看其访问控制列表"),
  Sentence(
    "a retained message of {1} was passed over: it tells of the past", "略过 {1} 的保留消息：它是过去的内容"),
  Sentence("have counts sent without the retain flag", "请不要用 retain 标志发送计数"),
  Sentence("all is read", "已全部读完"), Sentence("stopped", "已停止"),
]
