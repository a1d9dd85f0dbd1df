"""The loads that are compared, row by row, and how their results are printed."""
import statistics
from servers import load

ONE, MANY = ("--connections", 50), ("--connections", 1000)


def p(n):
    return ("--pipeline", n)


# name, at most this share of the peer's CPU, load generator's arguments, preparation
CORE = [
    ("GET, 50 connections", 0.90, [*ONE, "GET", "{k}"], "strings"),
    ("SET, 50 connections", 0.90, [*ONE, "SET", "{k}", "{v}"], "strings"),
    ("GET, 1000 connections", 0.90, [*MANY, "GET", "{k}"], "strings"),
    ("SET, 1000 connections", 0.90, [*MANY, "SET", "{k}", "{v}"], "strings"),
    ("GET, P=16", 0.60, [*ONE, *p(16), "GET", "{k}"], "strings"),
    ("SET, P=16", 0.60, [*ONE, *p(16), "SET", "{k}", "{v}"], "strings"),
    ("GET, P=100", 0.30, [*ONE, *p(100), "GET", "{k}"], "strings"),
    ("SET, P=100", 0.30, [*ONE, *p(100), "SET", "{k}", "{v}"], "strings"),
    ("PING, P=16", 0.65, [*ONE, *p(16), "PING"], None),
    ("INCR, P=16", 0.65, [*ONE, *p(16), "INCR", "n:{i}"], None),
    ("HSET, P=16", 0.65, [*ONE, *p(16), "--keyspace", 100000, "HSET", "h:{k}", "field", "{v}"], None),
    ("HGET, P=16", 0.65, [*ONE, *p(16), "--keyspace", 100000, "HGET", "h:{k}", "field"], None),
    ("MSET of 10, P=16", 0.65, [*ONE, *p(16), "MSET", *["{k}", "{v}"] * 10], None),
    ("GET of 10 kB", 1.0, [*ONE, "--keyspace", 1000, "GET", "10k:{k}"], "10k"),
    ("SET of 10 kB", 1.0, [*ONE, "--keyspace", 1000, "--value-size", 10240, "SET", "10k:{k}", "{v}"], None),
    ("GET of 1 MB", 1.0, ["--connections", 8, "--keyspace", 20, "GET", "1m:{k}"], "1m"),
    ("SET of 1 MB", 1.0, ["--connections", 8, "--keyspace", 20, "--value-size", 1 << 20, "SET", "1m:{k}", "{v}"], None),
    ("PUBLISH to 100 (per message)", 0.80, ["--connections", 1, "--subscribers", 100, "PUBLISH", "channel", "{v}"], None),
]

KEYS = ("--keyspace", 10000)
TYPES = [
    ("LPUSH, P=16", 0.75, [*ONE, *p(16), *KEYS, "LPUSH", "l:{k}", "{v}"], None),
    ("RPUSH, P=16", 0.75, [*ONE, *p(16), *KEYS, "RPUSH", "l:{k}", "{v}"], None),
    ("LPOP, P=16", 0.75, [*ONE, *p(16), *KEYS, "LPOP", "l:{k}", "/", "RPUSH", "l:{k}", "{v}"], None),
    ("RPOP, P=16", 0.75, [*ONE, *p(16), *KEYS, "RPOP", "l:{k}", "/", "LPUSH", "l:{k}", "{v}"], None),
    ("LRANGE of 100, P=16", 0.75, [*ONE, *p(16), "LRANGE", "list", "0", "99"], "list"),
    ("LRANGE of 600, P=16", 0.75, [*ONE, *p(16), "LRANGE", "list", "0", "599"], "list"),
    ("SADD, P=16", 0.75, [*ONE, *p(16), "SADD", "set", "m:{i}"], None),
    ("SISMEMBER, P=16", 0.75, [*ONE, *p(16), "SISMEMBER", "set", "m:{i}"], None),
    ("SPOP + SADD, P=16", 0.75, [*ONE, *p(16), "SPOP", "set", "/", "SADD", "set", "m:{i}"], None),
    ("ZADD, P=16", 0.75, [*ONE, *p(16), "ZADD", "zset", "{i}", "m:{i}"], None),
    ("ZPOPMIN + ZADD, P=16", 0.75, [*ONE, *p(16), "ZPOPMIN", "zset", "/", "ZADD", "zset", "{i}", "m:{i}"], None),
    ("ZRANGEBYSCORE of 100, P=16", 0.75,
     [*ONE, *p(16), "ZRANGEBYSCORE", "zset", "{i}", "+inf", "LIMIT", "0", "100"], None),
    ("XADD, P=16", 0.75, [*ONE, *p(16), "XADD", "stream", "MAXLEN", "~", "100000", "*", "field", "{v}"], None),
    ("XREADGROUP of 10 + XACK, P=16", 0.75,
     [*ONE, *p(16), "XADD", "jobs", "MAXLEN", "~", "100000", "*", "field", "{v}", "/", "XREADGROUP", "GROUP", "g", "c",
      "COUNT", "10", "STREAMS", "jobs", ">", "/", "XACK", "jobs", "g", "{n}-1"], "group"),
    ("SETBIT, P=16", 0.75, [*ONE, *p(16), "SETBIT", "bits", "{i}", "1"], None),
    ("BITCOUNT of 1 MB", 0.75, ["--connections", 4, "BITCOUNT", "1m:key:000000000000"], "1m"),
    ("PFADD, P=16", 0.75, [*ONE, *p(16), "PFADD", "hll", "m:{i}"], None),
    ("GEOSEARCH of 10 km, P=16", 0.75,
     [*ONE, *p(16), "GEOSEARCH", "geo", "FROMLONLAT", "13.4", "52.5", "BYRADIUS", "10", "km", "ASC", "COUNT", "100"], "geo"),
]


def prepare(server, what):
    """Brings a server into the state that a row begins with; once."""
    done = server.__dict__.setdefault("prepared", set())
    if what is None or what in done:
        return
    done.add(what)
    fill = ("--sequential", "--connections", 10, "--pipeline", 50)
    if what == "strings":
        load(server, *fill, "--requests", 1_000_000, "SET", "{k}", "{v}")
    elif what == "10k":
        load(server, *fill, "--requests", 1000, "--keyspace", 1000, "--value-size", 10240, "SET", "10k:{k}", "{v}")
    elif what == "1m":
        load(server, "--sequential", "--requests", 20, "--keyspace", 20, "--value-size", 1 << 20, "SET", "1m:{k}", "{v}")
    elif what == "list":
        server.connection.pipeline([("RPUSH", "list", f"element:{i:06}") for i in range(1000)])
    elif what == "group":
        server.call("XGROUP", "CREATE", "jobs", "g", "$", "MKSTREAM")
    elif what == "geo":
        server.connection.pipeline([
            ("GEOADD", "geo", str(13.0 + (i * 7919 % 10000) / 12500), str(52.2 + (i * 104729 % 10000) / 16000), f"p:{i}")
            for i in range(20000)])


def compare(servers, rows, rounds, seconds):
    """All rows against all servers in rotation. The first server is held against the second."""
    print(f"{'':32} {'CPU µs per command':>24}   {'ratio':>11}   {'1000/s':>16}   {'p50 µs':>15}   {'p99 µs':>15}")
    missed = []
    for name, limit, arguments, preparation in rows:
        results = {server.name: [] for server in servers}
        try:
            for server in servers:
                prepare(server, preparation)
            for turn in range(rounds):
                order = servers[turn % len(servers):] + servers[:turn % len(servers)]
                for server in order:
                    result = load(server, "--seconds", seconds, "--seed", turn + 1, *arguments)
                    if result["errors"] and turn == 0:
                        raise RuntimeError("errors in the replies")
                    if result["delivered"]:
                        result["cpu"] = result["cpu"] * result["requests"] / result["delivered"]
                        result["rps"] = result["rps"] * result["delivered"] / result["requests"]
                    results[server.name].append(result)
        except RuntimeError as error:
            print(f"{name:32} {error}")
            continue
        medians = [{key: statistics.median(r[key] for r in results[server.name]) for key in ("cpu", "rps", "p50", "p99")}
                   for server in servers]
        # Each round by itself: how fast the machine is changes from minute to minute by more than what is measured.
        ratio = statistics.median(ours["cpu"] / theirs["cpu"] for ours, theirs in zip(*(results[s.name] for s in servers[:2])))
        mark = " " if limit is None or ratio <= limit else "!"
        if mark == "!":
            missed.append(name)

        def pair(key, scale, digits):
            return " ".join(f"{m[key] / scale:.{digits}f}" for m in medians)

        print(f"{name:32} {pair('cpu', 1, 3):>24}   {ratio:4.2f} ≤{limit or 0:.2f}{mark} {pair('rps', 1000, 0):>17}   "
              f"{pair('p50', 1, 0):>15}   {pair('p99', 1, 0):>15}", flush=True)
    return missed
