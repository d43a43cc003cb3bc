"""A pymodbus master that does one thing, or agrees many times, and prints it as one line of JSON.

client.py PORT UNIT read ADDRESS COUNT      {"values": [...]} or {"exception": CODE}
client.py PORT UNIT write ADDRESS VALUE...  {"written": COUNT} or {"exception": CODE}
client.py PORT UNIT agree COUNT SEED        {"reads": COUNT, "writes": COUNT}, or {"differs": ADDRESS, ...}

To agree, registers must begin as 719 times their address, plus 21587. So many random reads and writes
are compared with a copy of them that this script keeps.

PORT is a TCP port of this machine, or the path of a serial device (RTU, 8N2).
"""

import json
import random
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


def agree(client, unit: int, count: int, seed: int) -> dict:
    dice = random.Random(seed)
    mirror = [(719 * address + 21587) % 65536 for address in range(65536)]
    done = {"reads": 0, "writes": 0}
    for _ in range(count):
        if dice.random() < 0.5:
            length = dice.randint(1, 125)
            first = dice.randint(0, 65536 - length)
            reply = client.read_holding_registers(first, count=length, device_id=unit)
            if reply.isError() or reply.registers != mirror[first : first + length]:
                return {"differs": first, "count": length, "reply": str(reply)}
            done["reads"] += 1
        else:
            length = dice.randint(1, 123)
            first = dice.randint(0, 65536 - length)
            values = [dice.randint(0, 65535) for _ in range(length)]
            reply = client.write_registers(first, values, device_id=unit)
            if reply.isError() or (reply.address, reply.count) != (first, length):
                return {"differs": first, "count": length, "reply": str(reply)}
            mirror[first : first + length] = values
            done["writes"] += 1
    return done


def main() -> None:
    port, unit, verb, *numbers = sys.argv[1:]
    client = connected(port)
    if verb == "agree":
        count, seed = [int(number) for number in numbers]
        print(json.dumps(agree(client, int(unit), count, seed)))
    elif verb == "read":
        address, count = [int(number) for number in numbers]
        tell(client.read_holding_registers(address, count=count, device_id=int(unit)), verb)
    elif verb == "write":
        address, *values = [int(number) for number in numbers]
        tell(client.write_registers(address, values, device_id=int(unit)), verb)
    else:
        sys.exit(f"client.py: '{verb}' is none of read, write and agree")
    client.close()


main()
