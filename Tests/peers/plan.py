"""A pymodbus master that reads the plan that a cabinet runs and prints it as one line of JSON.

plan.py PORT UNIT
"""

import json
import sys

from pymodbus.client import ModbusTcpClient

import tsc_mb


def main() -> None:
    port, unit = [int(number) for number in sys.argv[1:]]
    client = ModbusTcpClient("127.0.0.1", port=port, timeout=5, retries=0)
    if not client.connect():
        sys.exit(f"plan.py: no connection to port {port}")
    reply = client.read_holding_registers(
        tsc_mb.ACTIVE, count=tsc_mb.ACTIVE_LENGTH, device_id=unit
    )
    if reply.isError():
        sys.exit(f"plan.py: {reply}")
    plan = tsc_mb.decode(reply.registers, tsc_mb.ACTIVE_SIGNATURE)
    print(json.dumps(plan | {"source": reply.registers[82]}, sort_keys=True))
    client.close()


main()
