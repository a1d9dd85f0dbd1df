"""What is not a rate: expiry on time, growth without stalls, hit ratios of eviction."""
import bisect, random, threading, time
from servers import Connection, Server, load


def expiry(commands, port):
    """1 M keys die within 10 s. How late are their events, and what do others feel?"""
    print("\n1 M keys expiring within 10 s")
    for i, (name, command) in enumerate(commands):
        server = Server(name, command, port + i, ["--notify-keyspace-events", "Ex"])
        try:
            listener = Connection(server.port)
            start = time.time() + 14
            deadlines = {}
            generator = random.Random(1)
            words = []
            for k in range(1_000_000):
                at = int((start + generator.random() * 10) * 1000)
                deadlines[b"k%d" % k] = at
                words.append(b"*5\r\n$3\r\nSET\r\n$%d\r\nk%d\r\n$1\r\nv\r\n$4\r\nPXAT\r\n$13\r\n%d\r\n"
                             % (len(str(k)) + 1, k, at))
            for begin in range(0, len(words), 2000):
                part = words[begin:begin + 2000]
                server.connection.socket.sendall(b"".join(part))
                for _ in part:
                    server.connection.receive()
            listener.call("SUBSCRIBE", "__keyevent@0__:expired")
            received = []

            def listen():
                # Only takes notes: what is parsed while events come in would be late by itself.
                buffer = []
                tail = b""
                listener.socket.settimeout(1)
                while time.time() < start + 25 and len(received) < 1_000_000:
                    try:
                        data = listener.socket.recv(1 << 20)
                    except TimeoutError:
                        continue
                    now = time.time() * 1000
                    buffer.append(data)
                    # A message may come in two parts.
                    seen = tail + data
                    received.extend([now] * seen.count(b"message\r\n"))
                    tail = seen[-8:]
                listener.raw = b"".join(buffer)

            thread = threading.Thread(target=listen)
            thread.start()
            time.sleep(max(0, start - time.time()))
            probe = load(server, "--connections", 1, "--seconds", 10, "GET", "nothing")
            thread.join()
            keys = [part.split(b"\r\n")[1] for part in listener.raw.split(b"__:expired\r\n")[1:]]
            late = sorted(at - deadlines[key] for at, key in zip(received, keys) if key in deadlines)
            if not late:
                print(f"  {name:12} no events came")
                continue

            def share(within):
                return bisect.bisect_right(late, within) / 1_000_000 * 100

            print(f"  {name:12} events within 15 ms: {share(15):5.1f} %, within 1 s: {share(1000):5.1f} %; "
                  f"99 % within {late[int(len(late) * 0.99)]:.0f} ms; another client's p99 {probe['p99'] / 1000:.2f} ms",
                  flush=True)
        finally:
            server.stop()


def growth(commands, port, keys):
    """From an empty server on: the slowest command is what a user notices."""
    print(f"\ngrowing from 0 to {keys:,} keys")
    for i, (name, command) in enumerate(commands):
        server = Server(name, command, port + i)
        try:
            result = load(server, "--sequential", "--connections", 4, "--pipeline", 8, "--keyspace", keys, "--requests",
                          keys, "--value-size", 8, "SET", "{k}", "{v}")
            print(f"  {name:12} p50 {result['p50'] / 1000:.2f} ms, p99 {result['p99'] / 1000:.2f} ms, "
                  f"p99.9 {result['p999'] / 1000:.2f} ms, slowest {result['max'] / 1000:.2f} ms", flush=True)
        finally:
            server.stop()


def hits(commands, port):
    """A Zipf trace of reads, each miss followed by a write, where a tenth of the data fits."""
    print("\nhit ratio on a Zipf trace, memory for a tenth of the keys")
    keys, requests = 100_000, 400_000
    weights = [1 / (rank + 1) ** 0.9 for rank in range(keys)]
    trace = random.Random(7).choices(range(keys), weights, k=requests)
    for policy in ("allkeys-lru", "allkeys-lfu"):
        line = f"  {policy:12}"
        for i, (name, command) in enumerate(commands):
            server = Server(name, command, port + i, ["--maxmemory-policy", policy])
            try:
                used = int(dict(l.split(b":") for l in server.call("INFO", "memory").split(b"\r\n") if b":" in l)[b"used_memory"])
                server.call("CONFIG", "SET", "maxmemory", used + keys // 10 * 200)
                value = b"v" * 100
                found = 0
                connection = server.connection
                for begin in range(0, requests, 100):
                    part = trace[begin:begin + 100]
                    for key in part:
                        connection.send("GET", b"key:%012d" % key)
                    missing = [key for key in part if connection.receive() is None]
                    found += len(part) - len(missing)
                    connection.pipeline([("SET", b"key:%012d" % key, value) for key in missing])
                line += f"   {name} {found / requests * 100:.1f} %"
            finally:
                server.stop()
        print(line, flush=True)
