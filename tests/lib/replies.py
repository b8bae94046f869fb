"""What a server answers: as a problem, and byte for byte."""

import re
import socket

PROBLEM = "application/problem+json"


def problem(answer, status, name):
    """The answer is this problem, in the shape of RFC 9457."""
    assert answer.status == status, answer
    assert answer.headers["content-type"] == PROBLEM
    body = answer.json()
    assert body["type"] == f"/problems/{name}"
    assert body["status"] == status
    assert body["title"] and body["detail"].endswith((".", "here", "wrong"))
    assert body["request"] == answer.headers["x-request-id"]
    return body["detail"]


def raw(port, data, timeout=10):
    """Sends bytes as they are and reads until the server closes."""
    with socket.create_connection(("127.0.0.1", port), timeout) as s:
        s.sendall(data)
        s.shutdown(socket.SHUT_WR)
        parts = []
        while part := s.recv(65536):
            parts.append(part)
        return b"".join(parts)


def upload_head(api, length, more=b""):
    return (b"POST /v1/imports HTTP/1.1\r\nHost: localhost\r\n"
            b"Content-Type: application/zip\r\n"
            b"Content-Length: %d\r\n%s\r\n" % (length, more))


def send(api, data, timeout=10):
    """What comes back until the server closes or has nothing to say."""
    with socket.create_connection(("127.0.0.1", api.port), timeout) as s:
        try:
            s.sendall(data)
        except OSError:
            pass
        return receive(s)


def receive(s):
    parts = []
    try:
        while part := s.recv(65536):
            parts.append(part)
    except OSError:
        pass
    return b"".join(parts)


def statuses(answer):
    return [int(n) for n in re.findall(rb"HTTP/1\.[01] (\d+)", answer)]
