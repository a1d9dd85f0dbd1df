"""Drives a server with redis-py as an application would. Arguments: port, RESP version."""
import sys, threading, time
import redis

port, version = int(sys.argv[1]), int(sys.argv[2])
r = redis.Redis(port=port, protocol=version, decode_responses=True)

# Strings and counters
assert r.ping()
assert r.set("k", "v") and r.get("k") == "v"
assert r.set("k", "w", nx=True) is None
assert r.set("k", "w", get=True, ex=100) == "v" and 0 < r.ttl("k") <= 100
assert r.incr("n") == 1 and r.incrbyfloat("f", 1.5) == 1.5
assert r.mset({"a": "1", "b": "2"}) and r.mget("a", "b", "none") == ["1", "2", None]
assert r.getrange("k", 0, 0) == "w" and r.getdel("k") == "w"
assert sorted(r.scan_iter("*")) == ["a", "b", "f", "n"]

# Hashes
assert r.hset("h", mapping={"one": "1", "two": "2"}) == 2
assert r.hgetall("h") == {"one": "1", "two": "2"}
assert dict(r.hscan_iter("h")) == {"one": "1", "two": "2"}
assert r.hincrby("h", "one", 4) == 5
assert r.hexpire("h", 100, "one") == [1] and 0 < r.httl("h", "one")[0] <= 100

# Lists
assert r.rpush("l", "a", "b", "c") == 3 and r.lrange("l", 0, -1) == ["a", "b", "c"]
assert r.lpos("l", "b") == 1 and r.lmove("l", "l2", "LEFT", "RIGHT") == "a"
assert r.lmpop(1, "l", direction="RIGHT", count=2) == ["l", ["c", "b"]]
waiter = threading.Thread(target=lambda: results.append(redis.Redis(port=port, protocol=version).blpop("q", 5)))
results = []
waiter.start()
time.sleep(0.1)
r.rpush("q", "job")
waiter.join()
assert list(results[0]) == [b"q", b"job"]

# Sets
assert r.sadd("s", "x", "y") == 2 and r.smembers("s") == {"x", "y"}
assert r.sinter("s", "none") == set() and r.smismember("s", ["x", "q"]) == [1, 0]

# Sorted sets
assert r.zadd("z", {"a": 1, "b": 2.5}) == 2
assert [list(p) for p in r.zrange("z", 0, -1, withscores=True)] == [["a", 1.0], ["b", 2.5]]
assert r.zscore("z", "b") == 2.5 and r.zrank("z", "b") == 1
assert r.zpopmin("z") in ([("a", 1.0)], [["a", 1.0]], ["a", 1.0])

# Streams
first = r.xadd("x", {"f": "1"})
r.xgroup_create("x", "g", id="0")
reply = r.xreadgroup("g", "me", {"x": ">"}, count=1)
entries = reply["x"][0] if isinstance(reply, dict) else reply[0][1]
assert entries[0][0] == first and r.xack("x", "g", first) == 1
assert r.xpending("x", "g")["pending"] == 0 and r.xinfo_stream("x")["length"] == 1

# Geo, HyperLogLog, bits
assert r.geoadd("geo", (13.361389, 38.115556, "Palermo")) == 1
assert r.geosearch("geo", longitude=13.3, latitude=38.1, radius=100, unit="km") == ["Palermo"]
assert r.pfadd("hll", "a", "b") == 1 and r.pfcount("hll") == 2
assert r.setbit("bits", 7, 1) == 0 and r.bitcount("bits") == 1
assert r.bitfield("bf").set("u8", 0, 200).get("u8", 0).execute() == [0, 200]

# Pipelines and transactions
with r.pipeline(transaction=False) as pipe:
    for i in range(1000):
        pipe.set(f"p{i}", i)
    assert all(pipe.execute())
with r.pipeline() as pipe:
    pipe.watch("n")
    n = int(pipe.get("n"))
    pipe.multi()
    pipe.set("n", n + 1)
    pipe.get("n")
    assert pipe.execute() == [True, "2"]
with r.pipeline() as pipe:
    pipe.watch("n")
    r.set("n", 5)
    pipe.multi()
    pipe.incr("n")
    try:
        pipe.execute()
        raise AssertionError("a changed key was not noticed")
    except redis.WatchError:
        pass

# Pub/Sub
pubsub = r.pubsub(ignore_subscribe_messages=True)
pubsub.subscribe("news")
pubsub.psubscribe("n*")
time.sleep(0.1)
while pubsub.get_message(timeout=0.1):
    pass
assert r.publish("news", "hello") == 2
kinds = set()
deadline = time.time() + 5
while len(kinds) < 2 and time.time() < deadline:
    message = pubsub.get_message(timeout=0.5)
    if message:
        assert message["data"] == "hello"
        kinds.add(message["type"])
assert kinds == {"message", "pmessage"}

# Administration
assert r.info()["redis_version"] == "7.2.4" and r.info("server")["server_name"] == "martlet"
assert r.config_get("maxmemory") == {"maxmemory": "0"}
assert r.config_set("maxmemory-samples", 7) and r.config_get("maxmemory-samples")["maxmemory-samples"] == "7"
assert any(c["lib-name"] == "redis-py" for c in r.client_list())
assert r.command_count() > 200 and "get" in r.command()
assert r.memory_usage("h") > 0 and r.object("encoding", "n") == "int"
assert r.dbsize() > 1000 and r.dump("k") is None
try:
    r.lpush("a", "x")
    raise AssertionError("a list command worked on a string")
except redis.ResponseError as error:
    assert str(error).startswith("WRONGTYPE")

# redis-py's own client-side cache
if version == 3:
    from redis.cache import CacheConfig
    assert r.config_set("compat-version", "7.4.0")
    cached = redis.Redis(port=port, protocol=3, decode_responses=True, cache_config=CacheConfig())
    r.set("near", "1")
    assert cached.get("near") == "1" and cached.get_cache().size == 1
    asked = r.info("commandstats")["cmdstat_get"]["calls"]
    assert cached.get("near") == "1" and r.info("commandstats")["cmdstat_get"]["calls"] == asked
    r.set("near", "2")
    deadline = time.time() + 5
    while cached.get("near") == "1" and time.time() < deadline:
        time.sleep(0.01)
    assert cached.get("near") == "2"
    assert r.config_set("compat-version", "7.2.4")

# Users
assert r.acl_setuser(
    "app", enabled=True, passwords=["+secret"], categories=["+@read"], commands=["+set", "+acl|whoami"], keys=["app:*"], channels=["news"])
app = redis.Redis(port=port, protocol=version, username="app", password="secret", decode_responses=True)
assert app.acl_whoami() == "app" and app.set("app:1", "v") and app.get("app:1") == "v"
for denied in (lambda: app.get("other"), lambda: app.delete("app:1"), lambda: app.publish("old", "m")):
    try:
        denied()
        assert False, "allowed"
    except redis.exceptions.NoPermissionError:
        pass
user = r.acl_getuser("app")
assert user["enabled"] and user["categories"] == ["-@all", "+@read"] and user["commands"] == ["+set", "+acl|whoami"]
assert r.acl_log()[0]["username"] == "app" and r.acl_list()[0].startswith("user app on ")
try:
    redis.Redis(port=port, username="app", password="wrong").ping()
    assert False, "allowed"
except redis.exceptions.AuthenticationError:
    pass
assert r.acl_dryrun("app", "get", "app:1") == "OK" and r.acl_deluser("app") == 1 and r.acl_users() == ["default"]

assert r.flushall()
print("all good")
