#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-only
# Reads the event stream of an admin listener many times over, for the bench: eventreaders.py PORT COUNT,
# the token in the first line of its input. Says when all are subscribed; when its input ends, how many
# still are.

import selectors
import socket
import sys

port, count = int(sys.argv[1]), int(sys.argv[2])
token = sys.stdin.readline().strip()
request = f"GET /admin/v1/events HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token}\r\n\r\n"
selector = selectors.EpollSelector()
selector.register(sys.stdin, selectors.EVENT_READ)
open_readers = 0
for _ in range(count):
    reader = socket.create_connection(("127.0.0.1", port), timeout=10)
    reader.sendall(request.encode())
    if not reader.recv(4096).startswith(b"HTTP/1.1 200 "):
        sys.exit(1)
    reader.setblocking(False)
    selector.register(reader, selectors.EVENT_READ)
    open_readers += 1
print("subscribed", flush=True)
buffer = bytearray(64 * 1024)
while True:
    for key, _ in selector.select():
        if key.fileobj is sys.stdin:
            print(f"{open_readers} reading", flush=True)
            sys.exit()
        if key.fileobj.recv_into(buffer) == 0:
            selector.unregister(key.fileobj)
            open_readers -= 1
