"""The way to TMDB: its certificate, HTTP/2, and what lies between (see
names.c and http2_front.js)."""

import pathlib
import shutil
import socket
import subprocess
import tempfile
import threading

import names
from harness import free_port, wait_until

HERE = pathlib.Path(__file__).resolve().parent
NAME = "tmdb.test"


class Front:
    """TLS and HTTP/2 before the stand-in. Node's, which is here for the page's
    tools: another server would be another package."""

    def __init__(self, tmdb):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="rewatch-front-"))
        self.certificate = self.folder / "certificate.pem"
        key = self.folder / "key.pem"
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
             "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
             "-keyout", key, "-out", self.certificate, "-subj", f"/CN={NAME}",
             "-addext", f"subjectAltName=DNS:{NAME}"],
            check=True, capture_output=True)
        self.port = free_port()
        self.proc = subprocess.Popen(
            ["node", HERE / "http2_front.js", str(self.port), str(tmdb.port),
             key, self.certificate], stdin=subprocess.DEVNULL)
        wait_until(self.up, "HTTP/2 front up", 60)

    def up(self):
        with socket.socket() as s:
            return s.connect_ex(("127.0.0.1", self.port)) == 0

    def env(self):
        return {"LD_PRELOAD": str(names.LIBRARY),
                "TMDB_CERTIFICATE": str(self.certificate)}

    def remove(self):
        self.proc.kill()
        self.proc.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


class Router(threading.Thread):
    """Between the daemon and TMDB. Once it has forgotten the connections it
    swallows what comes on them; new ones are fine."""

    def __init__(self, port):
        super().__init__(daemon=True)
        self.target = port
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.age = 0
        self.sockets = []
        self.start()

    @property
    def connections(self):
        return len(self.sockets) // 2

    def forget(self):
        self.age += 1

    def run(self):
        while True:
            try:
                near, _ = self.listener.accept()
            except OSError:
                return
            far = socket.create_connection(("127.0.0.1", self.target))
            self.sockets += [near, far]
            for way in ((near, far), (far, near)):
                threading.Thread(target=self.carry, args=(*way, self.age),
                                 daemon=True).start()

    def carry(self, source, sink, age):
        try:
            while data := source.recv(65536):
                if age == self.age:
                    sink.sendall(data)
            if age == self.age:
                sink.shutdown(socket.SHUT_WR)
        except OSError:
            pass  # The other direction has ended.

    def remove(self):
        self.listener.shutdown(socket.SHUT_RDWR)
        for one in [self.listener, *self.sockets]:
            one.close()
