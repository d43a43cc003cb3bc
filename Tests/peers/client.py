"""A pymodbus master that does one thing and prints it as one line of JSON.

client.py PORT UNIT read ADDRESS COUNT      {"values": [...]} or {"exception": CODE}
client.py PORT UNIT reads ADDRESS:COUNT...  a line for each
client.py PORT UNIT write ADDRESS VALUE...  {"written": COUNT} or {"exception": CODE}

PORT is a TCP port of this machine, or the path of a serial device (RTU, 8N2).
"""

import json
import sys

from pymodbus import FramerType
from pymodbus.client import ModbusSerialClient, ModbusTcpClient


def connected(port: str):
    if port.startswith("/"):
        client = ModbusSerialClient(
            port, framer=FramerType.RTU, baudrate=115200, parity="N", stopbits=2, timeout=5, retries=0
        )
    else:
        client = ModbusTcpClient("127.0.0.1", port=int(port), timeout=5, retries=0)
    if not client.connect():
        sys.exit(f"client.py: no connection to port {port}")
    return client


def tell(reply, verb: str) -> None:
    if reply.isError():
        print(json.dumps({"exception": reply.exception_code}))
    elif verb == "write":
        print(json.dumps({"written": reply.count}))
    else:
        print(json.dumps({"values": reply.registers}))


def main() -> None:
    port, unit, verb, *numbers = sys.argv[1:]
    client = connected(port)
    if verb in ("read", "reads"):
        blocks = [":".join(numbers)] if verb == "read" else numbers
        for block in blocks:
            address, count = block.split(":")
            tell(
                client.read_holding_registers(
                    int(address), count=int(count), device_id=int(unit)
                ),
                verb,
            )
    elif verb == "write":
        address, *values = [int(number) for number in numbers]
        tell(client.write_registers(address, values, device_id=int(unit)), verb)
    else:
        sys.exit(f"client.py: '{verb}' is none of read, reads and write")
    client.close()


main()
