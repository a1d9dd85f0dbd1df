"""Bytes of resident memory: a fresh server for each, filled, against what it took when empty."""
import time
from servers import Server, load

FILL = ("--sequential", "--connections", 10, "--pipeline", 50)


def strings(server):
    load(server, *FILL, "--requests", 1_000_000, "SET", "{k}", "{v}")
    return 1_000_000


def hashes(server):
    fields = [word for i in range(5) for word in (f"field{i}", f"value:{{i}}")]
    load(server, *FILL, "--requests", 1_000_000, "HSET", "{k}", *fields)
    return 1_000_000


def connections(server):
    from servers import Connection
    server.idle = [Connection(server.port) for _ in range(10_000)]
    for connection in server.idle:
        connection.call("PING")
    return 10_000


def collections(*words):
    def fill(server):
        load(server, *FILL, "--requests", 100_000, "--keyspace", 100_000, *words)
        return 100_000
    return fill


def elements(*words):
    def fill(server):
        load(server, *FILL, "--requests", 1_000_000, *words)
        return 1_000_000
    return fill


ROWS = [
    ("1 M strings of 64 bytes, each", strings),
    ("1 M hashes of 5 fields, each", hashes),
    ("10,000 idle connections, each", connections),
    ("100,000 lists of 10, each", collections("RPUSH", "{k}", *[f"element{i}:{{i}}" for i in range(10)])),
    ("100,000 sets of 10, each", collections("SADD", "{k}", *[f"member{i}:{{i}}" for i in range(10)])),
    ("100,000 sets of 10 integers, each", collections("SADD", "{k}", *["{i}"] * 10)),
    ("100,000 sorted sets of 10, each",
     collections("ZADD", "{k}", *[w for i in range(10) for w in ("{i}", f"member{i}:{{i}}")])),
    ("a list of 1 M, each element", elements("RPUSH", "list", "element:{i}")),
    ("a set of 1 M, each member", elements("SADD", "set", "member:{k}")),
    ("a sorted set of 1 M, each member", elements("ZADD", "zset", "{i}", "member:{k}")),
    ("a hash of 1 M, each field", elements("HSET", "hash", "field:{k}", "value:{i}")),
    ("a stream of 1 M x 5 fields, each", elements(
        "XADD", "stream", "*", *[w for i in range(5) for w in (f"field{i}", "value:{i}")])),
]


def compare(commands, port):
    print(f"{'resident bytes':36} " + " ".join(f"{name:>10}" for name, _ in commands) + "   ratio")
    missed = []
    for name, fill in ROWS:
        sizes = []
        try:
            for i, (server_name, command) in enumerate(commands):
                server = Server(server_name, command, port + i, ["--maxclients", "20000"])
                try:
                    before = server.resident()
                    count = fill(server)
                    time.sleep(0.3)
                    sizes.append((server.resident() - before) / count)
                finally:
                    server.stop()
        except RuntimeError as error:
            print(f"{name:36} {error}")
            continue
        ratio = sizes[0] / sizes[1]
        missed += [name] if ratio > 1 else []
        print(f"{name:36} " + " ".join(f"{size:10.1f}" for size in sizes) + f"   {ratio:5.2f}", flush=True)
    return missed
