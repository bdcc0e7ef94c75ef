"""Holds idle kept-alive connections, each after one answered request: hold.py PORT COUNT. Until it is ended."""
import signal
import socket
import sys


def main(port, count):
    held = []
    for _ in range(count):
        connection = socket.create_connection(("127.0.0.1", port), timeout=10)
        connection.sendall(b"GET /1k.bin HTTP/1.1\r\nHost: bench\r\n\r\n")
        left = 1024
        answer = b""
        while b"\r\n\r\n" not in answer or len(answer.split(b"\r\n\r\n", 1)[1]) < left:
            part = connection.recv(4096)
            if not part:
                raise SystemExit(f"closed after {len(held)} connections")
            answer += part
        held.append(connection)
    print("held", len(held), flush=True)
    signal.pause()


main(int(sys.argv[1]), int(sys.argv[2]))
