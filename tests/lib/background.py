"""Something that goes on beside a test until it is told to stop."""

import signal
import threading


class Background(threading.Thread):
    """run() looks at self.ended. Use with `with`, or start() and stop()."""

    def __init__(self):
        super().__init__(daemon=True)
        self.ended = threading.Event()

    def stop(self):
        self.ended.set()
        self.join()

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *error):
        self.stop()


class Hangups(Background):
    """SIGHUP every 10 ms."""

    def __init__(self, process):
        super().__init__()
        self.process = process
        self.sent = 0

    def run(self):
        while not self.ended.wait(0.01):
            self.process.signal(signal.SIGHUP)
            self.sent += 1
