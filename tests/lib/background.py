"""Something that goes on beside a test until it is told to stop."""

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
