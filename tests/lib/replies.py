"""What a server answers: as a problem, and byte for byte."""

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
