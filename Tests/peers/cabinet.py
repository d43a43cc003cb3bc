"""A pymodbus device that plays a cabinet: it runs each plan at once, in the stage that it is in.

cabinet.py --registers JSON --clock UTC@REALxSPEED

JSON is the image of a cabinet, {"ADDRESS": [VALUE, ...], ...}. Clock and times move as the clock
says; a plan that is written is copied to the block "active", "result" and "live" tell of it, and a
heartbeat renews its lease. One line of JSON for each thing that happens: {"port": PORT} once it
listens, then {"plan": ...} and {"heartbeat": ...}. It ends with its standard input.
"""

import argparse
import asyncio
import json
import sys
import time

import tsc_mb
from pymodbus.server import ModbusTcpServer
from pymodbus.simulator import DataType, SimData, SimDevice

REGISTERS = 65536
READ, WRITE = 3, 16
CLOCK, SET_CLOCK, RESULT, LIVE, HEARTBEAT = 40, 48, 510, 700, 760
CENTRAL, TIME_OF_DAY, ACTIVE_CODE = 0, 1, 4


def tell(what: dict) -> None:
    print(json.dumps(what, sort_keys=True), flush=True)


def halves(number: int) -> list[int]:
    return [number >> 16 & 0xFFFF, number & 0xFFFF]


class Cabinet:
    def __init__(self, image: dict[str, list[int]], clock: str) -> None:
        self.image = [0] * REGISTERS
        for address, block in image.items():
            self.image[int(address) : int(address) + len(block)] = block
        utc, rest = clock.split("@")
        real, speed = rest.rsplit("x", 1)
        self.utc, self.real, self.speed = float(utc), float(real), float(speed)
        # When its stage began: as soon as somebody looks.
        self.start = None
        self.lease_ends = None

    def now(self) -> float:
        return self.utc + (time.time() - self.real) * self.speed

    async def act(self, function, start, address, count, registers, values):
        if function == READ:
            self.move(registers)
        elif function == WRITE and address == tsc_mb.PLAN:
            self.run(registers, list(values))
        elif function == WRITE and address == HEARTBEAT:
            self.lease_ends = self.now() + values[5]
            tell(
                {
                    "heartbeat": {
                        "epoch": tsc_mb.long(values, 0),
                        "sequence": tsc_mb.long(values, 2),
                        "lease": values[5],
                    }
                }
            )

    def move(self, registers: list[int]) -> None:
        now = self.now()
        if self.start is None:
            self.start = now
        registers[CLOCK + 1 : CLOCK + 4] = halves(int(now)) + [int(now % 1 * 1000)]
        elapsed = min(int((now - self.start) * 10), 0xFFFE)
        registers[LIVE + 6] = elapsed
        registers[LIVE + 12] = elapsed
        if self.lease_ends is not None:
            registers[LIVE + 15] = max(0, round(self.lease_ends - now))
        counter = (registers[LIVE + 1] + 1) & 0xFFFF
        registers[LIVE + 1] = registers[LIVE + 39] = counter

    def run(self, registers: list[int], values: list[int]) -> None:
        plan = tsc_mb.decode(values, tsc_mb.PLAN_SIGNATURE)
        if values[83] != tsc_mb.KEY ^ values[5]:
            plan["wrong"].append("key")
        tell({"plan": plan | {"operation": values[82]}})
        active = [tsc_mb.ACTIVE_SIGNATURE] + values[1:82] + [CENTRAL] + [0] * 7
        registers[tsc_mb.ACTIVE : tsc_mb.ACTIVE + tsc_mb.ACTIVE_LENGTH] = active
        now = self.now()
        registers[RESULT + 1 : RESULT + 9] = (
            values[2:6] + [ACTIVE_CODE, 0] + halves(int(now))
        )
        registers[LIVE + 3] = CENTRAL
        registers[LIVE + 13 : LIVE + 15] = values[4:6]
        self.lease_ends = now + values[11]


async def serve(options: argparse.Namespace) -> None:
    cabinet = Cabinet(json.loads(options.registers), options.clock)
    registers = SimData(0, values=cabinet.image, datatype=DataType.REGISTERS)
    device = SimDevice(1, simdata=[registers], action=cabinet.act)
    server = ModbusTcpServer(device, address=("127.0.0.1", 0))
    await server.serve_forever(background=True)
    tell({"port": server.transport.sockets[0].getsockname()[1]})
    await asyncio.to_thread(sys.stdin.read)
    await server.shutdown()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--registers", required=True)
    parser.add_argument("--clock", required=True)
    asyncio.run(serve(parser.parse_args()))


main()
