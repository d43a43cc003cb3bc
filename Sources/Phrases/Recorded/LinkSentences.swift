/// Why links fail (`Cabinets`, `Modbus`). Reasons of the system stay as it gives them.
let linkSentences = [
  Sentence("no answer in time", "未按时应答"),
  Sentence("Modbus exception {1}: {2*}", "Modbus 异常 {1}：{2*}"),
  Sentence("Modbus exception {1}", "Modbus 异常 {1}"),
  Sentence("the cabinet does not know the function", "信号机不支持该功能码"),
  Sentence("the cabinet has no such register", "信号机没有该寄存器"),
  Sentence("the cabinet does not take the values", "信号机不接受这些值"),
  Sentence("the cabinet has failed", "信号机故障"),
  Sentence("the cabinet is busy", "信号机忙"),
  Sentence("the gateway does not reach the cabinet", "网关无法到达信号机"),
  Sentence("block {1}: {2} registers came, {3} were asked for", "寄存器块 {1}：收到 {2} 个寄存器，请求了 {3} 个"),
  Sentence("block {1}: begins with {2}, not {3}", "寄存器块 {1}：以 {2} 开头，而非 {3}"),
  Sentence("block {1}: checksum {2}, its content gives {3}", "寄存器块 {1}：校验和为 {2}，按内容应为 {3}"),
  Sentence(
    "block {1}: changed while it was read (counters {2} and {3})", "寄存器块 {1}：读取时发生变化（计数 {2} 与 {3}）"),
  Sentence("block {1}: {2*} is {3}, allowed is {4}", "寄存器块 {1}：{2*}为 {3}，允许 {4}"),
  Sentence("block {1}: {2} is {3}, allowed is {4}", "寄存器块 {1}：{2} 为 {3}，允许 {4}"),
  Sentence(
    "'{1}' is not an address: write a numeric IPv4 or IPv6 address, such as 10.20.0.17",
    "“{1}”不是地址：请写数字 IPv4 或 IPv6 地址，例如 10.20.0.17"),
  Sentence(
    "'{1}' is not an address: write a numeric IPv4 or IPv6 address, such as 127.0.0.1",
    "“{1}”不是地址：请写数字 IPv4 或 IPv6 地址，例如 127.0.0.1"),
  Sentence("no connection: {1}", "无法连接：{1}"),
  Sentence("no answer within the deadline", "在时限内未应答"),
  Sentence("the connection was closed before the answer was whole", "应答未完整，连接已关闭"),
  Sentence(
    "the answer is not Modbus or not to this request: {1*}", "应答不是 Modbus，或与请求不符：{1*}"),
  Sentence("the answer is not Modbus or not to this request: {1}", "应答不是 Modbus，或与请求不符：{1}"),
  Sentence("the cabinet refused: {1*} (exception {2})", "信号机拒绝：{1*}（异常 {2}）"),
  Sentence("the cabinet refused with the unknown exception {1}", "信号机以未知异常 {1} 拒绝"),
  Sentence("the request before it has not ended yet", "上一请求尚未结束"),
  Sentence("this machine cannot serve the connection: {1}", "本机无法维持该连接：{1}"),
  Sentence("it does not know this function code", "不支持该功能码"),
  Sentence("a register outside its map", "寄存器超出其寄存器表"),
  Sentence("a count or value it does not take", "不接受该数量或值"),
  Sentence("it broke down over the request", "处理请求时出错"),
  Sentence("it has begun something long", "已开始耗时操作"),
  Sentence("it is busy", "忙"),
  Sentence("a parity error in its memory", "内存奇偶校验错误"),
  Sentence("the gateway has no path to the unit", "网关没有到该单元的路径"),
  Sentence("the unit behind the gateway does not answer, or there is none", "网关后的单元不应答，或不存在"),
  Sentence("entry at fault", "出错项"),
  // What is wrong with an answer.
  Sentence("transaction {1} where {2} was asked", "事务号为 {1}，应为 {2}"),
  Sentence("unit {1} where {2} was asked", "单元号为 {1}，应为 {2}"),
  Sentence("function {1} where {2} was asked", "功能码为 {1}，应为 {2}"),
  Sentence("a write confirmed that is not {1} registers at {2}", "所确认的写入不是地址 {2} 起的 {1} 个寄存器"),
  Sentence("an exception of {1} bytes, or with code 0", "异常应答有 {1} 字节，或异常码为 0"),
  Sentence("{1} bytes after the function where {2} are due", "功能码之后有 {1} 字节，应为 {2}"),
  Sentence("the checksum is wrong", "校验和错误"), Sentence("bytes after the reply", "应答之后还有字节"),
  Sentence("protocol number {1} where Modbus has 0", "协议号为 {1}，Modbus 为 0"),
  Sentence("length {1} where a frame has 2 to 254", "长度为 {1}，一帧应为 2 至 254"),
  // What serves or asks on this machine.
  Sentence("cannot listen on {1} port {2}: {3}", "无法在 {1} 端口 {2} 监听：{3}"),
  Sentence(
    "descriptor {1} is too high for libmodbus: have fewer than 1000 files open",
    "描述符 {1} 对 libmodbus 过大：打开的文件应少于 1000 个"),
  Sentence(
    "descriptor {1} is too high for libmodbus: have fewer than {2} files open",
    "描述符 {1} 对 libmodbus 过大：打开的文件应少于 {2} 个"),
  Sentence(
    "{1} cabinets need {2} descriptors (open files), the system allows {3}: set LimitNOFILE={4} in the service's unit, or ulimit -n {5} in the shell that starts it",
    "{1} 台信号机需要 {2} 个描述符（打开的文件），系统允许 {3} 个：请在服务单元中设 LimitNOFILE={4}，"
      + "或在启动它的 shell 中执行 ulimit -n {5}"),
  Sentence("{1} is no serial device", "{1} 不是串行设备"),
  Sentence("{1} is in use by another program", "{1} 正被其他程序使用"),
  Sentence("{1}: no line has {2} baud", "{1}：串行线路没有 {2} 波特"),
  Sentence(
    "{1} does not do {2} baud, parity {3}, {4} stop bits; choose what it does",
    "{1} 不支持 {2} 波特、校验 {3}、{4} 停止位；请选择其支持的参数"),
  Sentence("{1}: cannot be used: {2}", "{1}：无法使用：{2}"),
  Sentence(
    "the program's user must be in the device's group, often dialout",
    "运行程序的用户应属于该设备的用户组，通常为 dialout"),
]
