"""A pymodbus device: a bank of holding registers that obeys every write and tells of it.

server.py [--port PORT | --serial DEVICE] [--unit UNIT] [--registers JSON]

JSON is {"ADDRESS": [VALUE, ...], ...}; every other register begins as 0. It prints one line of
JSON for each thing that happens: {"port": PORT} or {"serial": DEVICE} once it listens, then
{"write": {"address": ADDRESS, "values": [VALUE, ...]}} for each write. It ends with its standard
input, so that it does not outlive who started it.
"""

import argparse
import asyncio
import json
import sys

from pymodbus import FramerType
from pymodbus.server import ModbusSerialServer, ModbusTcpServer
from pymodbus.simulator import DataType, SimData, SimDevice

REGISTERS = 65536
WRITES = (6, 16)


def tell(what: dict) -> None:
    print(json.dumps(what), flush=True)


async def report(function, start, address, count, registers, values):
    if function in WRITES:
        tell({"write": {"address": address, "values": list(values)}})


def bank(initial: dict[str, list[int]]) -> list[int]:
    values = [0] * REGISTERS
    for address, block in initial.items():
        first = int(address)
        values[first : first + len(block)] = block
    return values


async def serve(options: argparse.Namespace) -> None:
    registers = SimData(
        0, values=bank(json.loads(options.registers)), datatype=DataType.REGISTERS
    )
    device = SimDevice(options.unit, simdata=[registers], action=report)
    if options.serial:
        server = ModbusSerialServer(
            device, framer=FramerType.RTU, port=options.serial, baudrate=115200, parity="N", stopbits=2
        )
        await server.serve_forever(background=True)
        tell({"serial": options.serial})
    else:
        server = ModbusTcpServer(device, address=("127.0.0.1", options.port))
        await server.serve_forever(background=True)
        tell({"port": server.transport.sockets[0].getsockname()[1]})
    await asyncio.to_thread(sys.stdin.read)
    await server.shutdown()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--serial")
    parser.add_argument("--unit", type=int, default=1)
    parser.add_argument("--registers", default="{}")
    asyncio.run(serve(parser.parse_args()))


main()
