"""A database that is far away: what a program sends to it, and what it answers,
is so long on its way. Nothing is lost, and the order is kept."""

import contextlib
import queue
import socket
import threading
import time

CHUNK = 65536


def carry(source, sink, seconds):
    """What comes from source goes to sink so much later, and so does its
    end."""
    way = queue.Queue(maxsize=10000)

    def deliver():
        with contextlib.suppress(OSError):
            while True:
                due, data = way.get()
                time.sleep(max(0, due - time.monotonic()))
                if not data:
                    break
                sink.sendall(data)
        for end in (source, sink):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    threading.Thread(target=deliver, daemon=True).start()
    data = b"x"
    while data:
        try:
            data = source.recv(CHUNK)
        except OSError:
            data = b""
        way.put((time.monotonic() + seconds, data))


@contextlib.contextmanager
def far(database, there, back):
    """The URL of the database for a daemon from which it is so many seconds
    away."""
    near = database.cluster.port
    listener = socket.create_server(("127.0.0.1", 0))

    def accept():
        with contextlib.suppress(OSError):
            while True:
                client, _ = listener.accept()
                server = socket.create_connection(("127.0.0.1", near))
                for one in (client, server):
                    one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                for ends in ((client, server, there), (server, client, back)):
                    threading.Thread(target=carry, args=ends,
                                     daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    yield database.url("rewatch_daemon").replace(
        f":{near}/", f":{listener.getsockname()[1]}/")
    listener.close()
