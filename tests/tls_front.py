"""Puts TLS in front of a PostgreSQL that has none, as PostgreSQL's protocol has it: asked for, then begun."""

import asyncio
import contextlib
import ssl
import threading

SSL_REQUEST = b"\x00\x00\x00\x08\x04\xd2\x16\x2f"


class TlsFront(threading.Thread):
    """`encrypted` and `plain` count the connections of each kind; plain ones are refused."""

    def __init__(self, certificates, host, port):
        super().__init__(daemon=True)
        self._context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        self._context.load_cert_chain(certificates.certificate, certificates.key)
        self._behind = host, port
        self._serving, self._loop = threading.Event(), asyncio.new_event_loop()
        self.encrypted = self.plain = self.port = 0

    def __enter__(self):
        self.start()
        assert self._serving.wait(10)
        return self

    def __exit__(self, *_):
        self._loop.call_soon_threadsafe(self._loop.stop)
        self.join(10)

    def run(self):
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(asyncio.start_server(self._serve, "127.0.0.1", 0))
        self.port = server.sockets[0].getsockname()[1]
        self._serving.set()
        self._loop.run_forever()

    async def _serve(self, reader, writer):
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            if await reader.readexactly(8) != SSL_REQUEST:
                self.plain += 1
                writer.close()
                return
            writer.write(b"S")
            await writer.start_tls(self._context)
            self.encrypted += 1
            behind_reader, behind_writer = await asyncio.open_connection(*self._behind)
            await asyncio.gather(_copy(reader, behind_writer), _copy(behind_reader, writer))


async def _copy(reader, writer):
    with contextlib.suppress(OSError):
        while block := await reader.read(65536):
            writer.write(block)
            await writer.drain()
    writer.close()
