"""What a program says at /metrics."""

import re


class Metrics:
    """One reading of a program's /metrics."""

    def __init__(self, program):
        text = program.get("/metrics", timeout=5).body.decode()
        self.types = dict(re.findall(r"^# TYPE (\S+) (\S+)$", text, re.M))
        self.values = {name: float(value) for name, value in
                       re.findall(r"^([a-z].*) (\S+)$", text, re.M)}

    def of(self, name, **label):
        pairs = ",".join(f'{k}="{v}"' for k, v in label.items())
        return self.values.get(f"{name}{{{pairs}}}" if pairs else name)

    def by_label(self, name):
        found = re.compile(rf'{name}{{[a-z]+="(.*)"}}$')
        return {match[1]: value for match, value in
                ((found.match(key), value)
                 for key, value in self.values.items()) if match}
