"""A pymodbus master that does one thing and prints it as one line of JSON.

client.py PORT UNIT read ADDRESS COUNT      {"values": [...]} or {"exception": CODE}
client.py PORT UNIT write ADDRESS VALUE...  {"written": COUNT} or {"exception": CODE}
"""

import json
import sys

from pymodbus.client import ModbusTcpClient


def main() -> None:
    port, unit, verb, *numbers = sys.argv[1:]
    address, *rest = [int(number) for number in numbers]
    client = ModbusTcpClient("127.0.0.1", port=int(port), timeout=5, retries=0)
    if not client.connect():
        sys.exit(f"client.py: no connection to port {port}")
    if verb == "read":
        reply = client.read_holding_registers(address, count=rest[0], device_id=int(unit))
    elif verb == "write":
        reply = client.write_registers(address, rest, device_id=int(unit))
    else:
        sys.exit(f"client.py: '{verb}' is neither read nor write")
    if reply.isError():
        print(json.dumps({"exception": reply.exception_code}))
    elif verb == "read":
        print(json.dumps({"values": reply.registers}))
    else:
        print(json.dumps({"written": reply.count}))
    client.close()


main()
