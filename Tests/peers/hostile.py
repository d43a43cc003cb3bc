"""A line to a cabinet that does not behave: it passes requests and replies on, and does one thing wrong
after every few, each once; then it is honest for ever.

hostile.py --to PORT --after N

One line of JSON for each thing that happens: {"port": PORT} once it listens, {"mischief": NAME} for each,
then {"honest": true}. It ends with its standard input.
"""

import argparse
import asyncio
import json
import socket
import struct
import sys


def tell(what: dict) -> None:
    print(json.dumps(what), flush=True)


class Ended(Exception):
    """The connection is of no use any more."""


async def frame(reader: asyncio.StreamReader) -> bytes:
    head = await reader.readexactly(6)
    return head + await reader.readexactly(int.from_bytes(head[4:6], "big"))


def altered(reply: bytes, place: int, value: int) -> bytes:
    return reply[:place] + bytes([value]) + reply[place + 1 :]


def sending(change):
    """Answers with something else than `reply`, and is deaf from then on."""

    async def act(reader, writer, request, reply):
        writer.write(change(request, reply))
        await reader.read()
        raise Ended

    return act


async def silent(reader, writer, request, reply):
    await reader.read()
    raise Ended


async def dribble(reader, writer, request, reply):
    for byte in reply:
        writer.write(bytes([byte]))
        await writer.drain()
        await asyncio.sleep(0.4)
    raise Ended


async def late(reader, writer, request, reply):
    await asyncio.sleep(1.5)
    writer.write(reply)
    raise Ended


async def close_amid(reader, writer, request, reply):
    writer.write(reply[:7])
    raise Ended


async def reset_amid(reader, writer, request, reply):
    writer.write(reply[:7])
    await writer.drain()
    endpoint = writer.get_extra_info("socket")
    endpoint.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()
    raise Ended


def exception(code: int):
    async def act(reader, writer, request, reply):
        writer.write(request[:4] + bytes([0, 3, request[6], request[7] | 0x80, code]))

    return act


MISCHIEF = {
    "silent": silent,
    "half a frame": sending(lambda request, reply: reply[: len(reply) // 2]),
    "a byte at a time": dribble,
    "late": late,
    "another id": sending(lambda request, reply: altered(reply, 1, reply[1] ^ 1)),
    "another unit": sending(lambda request, reply: altered(reply, 6, 9)),
    "a longer length": sending(lambda request, reply: altered(reply, 5, reply[5] + 2)),
    "a shorter length": sending(lambda request, reply: altered(reply, 5, reply[5] - 2)),
    "oversize": sending(lambda request, reply: reply[:4] + b"\xff\xff" + bytes(9000)),
    "another function": sending(lambda request, reply: altered(reply, 7, 4)),
    "two replies": sending(lambda request, reply: reply + reply),
    "another protocol": sending(lambda request, reply: b"SSH-2.0-OpenSSH_9.2\r\n"),
    "closed in mid-frame": close_amid,
    "reset in mid-frame": reset_amid,
    **{f"exception {code}": exception(code) for code in (1, 4, 6, 11, 99)},
}


class Line:
    def __init__(self, port: int, after: int) -> None:
        self.port, self.after = port, after
        self.left = list(MISCHIEF)
        self.passed = 0

    async def serve(self, reader, writer) -> None:
        cabinet, orders = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            while True:
                request = await frame(reader)
                orders.write(request)
                await self.answer(reader, writer, request, await frame(cabinet))
        except (Ended, ConnectionError, asyncio.IncompleteReadError):
            writer.close()
            orders.close()

    async def answer(self, reader, writer, request: bytes, reply: bytes) -> None:
        self.passed += 1
        if not self.left or self.passed <= self.after:
            writer.write(reply)
            return
        self.passed = 0
        name = self.left.pop(0)
        tell({"mischief": name})
        if not self.left:
            tell({"honest": True})
        await MISCHIEF[name](reader, writer, request, reply)


async def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--to", type=int, required=True)
    parser.add_argument("--after", type=int, default=12)
    options = parser.parse_args()
    line = Line(options.to, options.after)
    server = await asyncio.start_server(line.serve, "127.0.0.1", 0)
    tell({"port": server.sockets[0].getsockname()[1]})
    await asyncio.to_thread(sys.stdin.read)
    server.close()


asyncio.run(main())
