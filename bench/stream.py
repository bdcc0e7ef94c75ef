"""Takes a large file again and again: stream.py PORT STREAMS SECONDS. Prints "measured BYTES SECONDS FAILED"."""
import selectors
import socket
import sys
import time

REQUEST = b"GET /256m.bin HTTP/1.1\r\nHost: bench\r\n\r\n"
LARGE = 256 << 20


class Stream:
    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=10)
        self.ask()

    def ask(self):
        self.head = b""
        self.left = -1
        self.socket.sendall(REQUEST)

    def take(self, buffer):
        """How many bytes of the body came, or -1 for a connection that ended or answered otherwise."""
        count = self.socket.recv_into(buffer)
        if count == 0:
            return -1
        if self.left < 0:
            count = self.begin(bytes(buffer[:count]))
        else:
            self.left -= count
        if self.left == 0:
            self.ask()
        return count

    def begin(self, part):
        self.head += part
        end = self.head.find(b"\r\n\r\n")
        if end < 0:
            return 0
        if not self.head.startswith(b"HTTP/1.1 200"):
            return -1
        body = len(self.head) - end - 4
        self.left = LARGE - body
        return body


def main(port, streams, seconds):
    buffer = memoryview(bytearray(256 * 1024))
    selector = selectors.EpollSelector()
    for _ in range(streams):
        stream = Stream(port)
        selector.register(stream.socket, selectors.EVENT_READ, stream)
    total = failed = 0
    start = now = time.monotonic()
    while now - start < seconds and failed < streams:
        for key, _ in selector.select(1):
            count = key.data.take(buffer)
            if count < 0:
                failed += 1
                selector.unregister(key.fileobj)
            total += max(count, 0)
        now = time.monotonic()
    print(f"measured {total} {now - start:.6f} {failed}")


main(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]))
