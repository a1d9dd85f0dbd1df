import TestSupport
import Testing

/// Several clients at once: what each of them sees, and when, is what it sees of `redis-server`.
@Suite(.serialized) struct ScenarioTests {
  @Test(arguments: Scenario.all) func transcriptEqualsThatOfRedis(_ scenario: Scenario) throws {
    let martlet = try ServerProcess(.martlet)
    let redis = try ServerProcess(.redis)
    let ours = try scenario.transcript(port: martlet.port)
    let theirs = try scenario.transcript(port: redis.port)
    // HELLO tells of the version and the client's number.
    for (mine, right) in zip(ours, theirs) where mine != right && !mine.contains("HELLO 3\n") {
      Issue.record("\(scenario.title): at\n\(mine)\nredis:\n\(right)")
      break
    }
  }
}

extension Scenario {
  static let all: [Scenario] = pubsub + transactions + blocking + clients + tracking + scripts

  private static let pubsub = [
    Scenario(
      "channels, patterns and their counts",
      """
      a: SUBSCRIBE one two
      a: PSUBSCRIBE o*
      b: PUBLISH one hello
      b: PUBLISH none hello
      b: PUBSUB CHANNELS o*
      b: PUBSUB NUMSUB one two none
      b: PUBSUB NUMPAT
      a: PING
      a: PING text
      a: GET key
      a: UNSUBSCRIBE one
      b: PUBLISH one again
      a: UNSUBSCRIBE
      a: PUNSUBSCRIBE
      a: GET key
      a: UNSUBSCRIBE
      a: PUNSUBSCRIBE nothing
      a: SUBSCRIBE x x
      a: RESET
      b: PUBLISH x gone
      """),
    Scenario(
      "pushes in RESP3, on the connection that publishes too",
      """
      a: HELLO 3 AUTH x
      a: HELLO 3
      a: SUBSCRIBE c
      a: GET key
      a: PSUBSCRIBE c*
      b: PUBLISH c twice
      a: UNSUBSCRIBE c
      a: PUNSUBSCRIBE
      """),
    Scenario(
      "shard channels",
      """
      a: SSUBSCRIBE s1 s2
      b: SPUBLISH s1 hello
      b: PUBLISH s1 other
      b: PUBSUB SHARDCHANNELS *2
      b: PUBSUB SHARDNUMSUB s1 s3
      a: SUNSUBSCRIBE s1
      a: SUNSUBSCRIBE
      b: SPUBLISH s1 gone
      """),
    Scenario(
      "keyspace events",
      """
      b: CONFIG SET notify-keyspace-events KEA
      a: PSUBSCRIBE __key*__:*
      b: SET k v
      b: EXPIRE k 100
      b: DEL k
      b: HSET h f v
      b: HDEL h f
      b: RPUSH l a b
      b: RENAME l m
      b: LPOP m 2
      b: SADD s a
      b: SPOP s
      b: ZADD z 1 a
      b: ZREM z a
      b: XADD x 1-1 f v
      b: MSET a 1 b 2
      b: COPY a c
      b: MOVE a 1
      b: SET t v PX 60
      wait 200
      b: INCRBYFLOAT f 1.5
      b: SETRANGE r 2 x
      b: GETDEL b
      b: CONFIG SET notify-keyspace-events Elg
      b: RPUSH q a
      b: SET k v
      b: CONFIG GET notify-keyspace-events
      """),
  ]

  private static let transactions = [
    Scenario(
      "a watched key that changes fails the transaction",
      """
      a: WATCH k
      b: SET k 1
      a: MULTI
      a: SET k 2
      a: EXEC
      a: GET k
      a: WATCH k
      a: MULTI
      a: SET k 3
      a: EXEC
      a: WATCH gone
      b: DEL gone
      a: MULTI
      a: EXEC
      a: WATCH k
      b: FLUSHALL
      a: MULTI
      a: EXEC
      a: WATCH k
      a: UNWATCH
      b: SET k 9
      a: MULTI
      a: GET k
      a: EXEC
      """),
    Scenario(
      "errors while queuing and while running",
      """
      a: MULTI
      a: SET k
      a: SET k v
      a: EXEC
      a: MULTI
      a: SET k v
      a: INCR k
      a: GET k
      a: EXEC
      a: EXEC
      a: DISCARD
      a: MULTI
      a: MULTI
      a: WATCH k
      a: DISCARD
      a: MULTI
      a: NOSUCH
      a: EXEC
      a: MULTI
      a: SUBSCRIBE c
      a: EXEC
      """),
    Scenario(
      "a key that expires between WATCH and EXEC",
      """
      a: SET k v PX 50
      a: WATCH k
      wait 120
      a: MULTI
      a: PING
      a: EXEC
      """),
  ]

  private static let blocking = [
    Scenario(
      "lists serve those who wait in the order in which they came",
      """
      a: BLPOP l 0
      b: BLPOP l 0
      c: BRPOP other l 0
      d: RPUSH l 1 2
      d: LPUSH l 3 4
      d: LRANGE l 0 -1
      d: INFO nosuchsection
      """),
    Scenario(
      "a push within a transaction serves at its end",
      """
      a: BLPOP l 0
      b: MULTI
      b: RPUSH l x
      b: DEL l
      b: RPUSH l y
      b: EXEC
      a: PING
      """),
    Scenario(
      "times that run out, and clients that are unblocked",
      """
      a: BLPOP l 0.05
      wait 100
      a: BLMOVE l m LEFT RIGHT 0.05
      wait 100
      a: BZPOPMIN z 0.05
      wait 100
      a: BLMPOP 0.05 1 l LEFT
      wait 100
      a: BLPOP l -1
      a: BLPOP l x
      """),
    Scenario(
      "moving elements wakes who waits at the other end",
      """
      a: BLMOVE src dst LEFT RIGHT 0
      b: BLPOP dst 0
      c: RPUSH src one
      c: LRANGE dst 0 -1
      a: BRPOPLPUSH src dst 0
      c: SET dst string
      c: RPUSH src two
      c: LRANGE src 0 -1
      """),
    Scenario(
      "keys of another type, and keys that come by RENAME, SORT and SWAPDB",
      """
      a: BLPOP l 0
      b: SET l string
      b: DEL l
      b: SADD l member
      b: DEL l
      b: RPUSH other x
      b: RENAME other l
      a: BLPOP l 0
      b: SELECT 1
      b: RPUSH l y
      b: SWAPDB 0 1
      a: BLPOP sorted 0
      b: SELECT 0
      b: RPUSH numbers 3 1 2
      b: SORT numbers STORE sorted
      b: LRANGE sorted 0 -1
      """),
    Scenario(
      "sorted sets",
      """
      a: BZPOPMIN z 0
      b: BZPOPMAX z y 0
      c: ZADD z 1 one 2 two 3 three
      c: ZRANGE z 0 -1
      a: BZMPOP 0 2 p q MAX COUNT 2
      c: ZADD q 1 a 2 b 3 c
      c: ZRANGE q 0 -1
      """),
    Scenario(
      "streams",
      """
      a: XREAD BLOCK 0 STREAMS s $
      b: XADD s 1-1 f v
      a: XREAD BLOCK 30 STREAMS s $
      wait 80
      b: XGROUP CREATE s g $
      a: XREADGROUP GROUP g one BLOCK 0 STREAMS s >
      c: XREADGROUP GROUP g two BLOCK 0 STREAMS s >
      b: XADD s 2-1 f v
      b: XADD s 3-1 f v
      """),
    Scenario(
      "a client that is gone is served no more",
      """
      a: BLPOP l 0
      b: BLPOP l 0
      a: <close>
      c: RPUSH l x
      c: LLEN l
      """),
    Scenario(
      "blocking commands do not block within MULTI",
      """
      a: MULTI
      a: BLPOP l 0
      a: BLMOVE l m LEFT LEFT 0
      a: BZPOPMIN z 0
      a: XREAD BLOCK 0 STREAMS s $
      a: EXEC
      """),
  ]

  private static let clients = [
    Scenario(
      "CLIENT REPLY",
      """
      a: CLIENT REPLY SKIP
      a: SET k v
      a: GET k
      a: CLIENT REPLY OFF
      a: GET k
      a: SET k w
      a: CLIENT REPLY ON
      a: GET k
      """),
    Scenario(
      "CLIENT PAUSE lets reads through or nobody",
      """
      a: CLIENT PAUSE 1000 WRITE
      b: GET k
      c: SET k v
      wait 1200
      a: CLIENT PAUSE 1000
      b: GET k
      wait 1200
      a: CLIENT PAUSE 10000 ALL
      b: PING
      a: CLIENT UNPAUSE
      """),
    Scenario(
      "CLIENT NO-EVICT, NO-TOUCH and names",
      """
      a: CLIENT SETNAME first
      a: CLIENT GETNAME
      a: CLIENT SETNAME "with blank"
      a: CLIENT NO-EVICT ON
      a: CLIENT NO-EVICT maybe
      a: CLIENT KILL TYPE nosuch
      a: CLIENT KILL ID x
      a: CLIENT LIST TYPE nosuch
      a: CLIENT UNBLOCK 0 x
      """),
    Scenario(
      "a query that is no RESP",
      """
      a: SET k v
      a: QUIT
      a: GET k
      """),
  ]

  private static let tracking = [
    Scenario(
      "a client in RESP3 is told of what it read, once, and of its own change after the reply",
      """
      a: HELLO 3
      a: CLIENT TRACKING ON
      a: MGET x y z
      b: SET x 1
      b: SET x 2
      b: RENAME x y
      a: GET z
      a: SET z 1
      a: MULTI
      a: GET z
      a: INCR z
      a: GET z
      a: INCR z
      a: EXEC
      a: CLIENT TRACKINGINFO
      a: HGETALL h
      b: HSET h f v
      a: XREAD STREAMS s 0
      b: XADD s 1-1 f v
      a: SORT_RO l
      b: RPUSH l 1 2
      a: CLIENT TRACKING ON NOLOOP
      a: GET own
      a: SET own 1
      b: SET own 2
      a: GET key
      b: FLUSHALL
      a: FLUSHDB
      a: CLIENT TRACKING OFF
      b: SET z 1
      a: CLIENT GETREDIR
      """),
    Scenario(
      "prefixes are told of at the end of a turn",
      """
      a: HELLO 3
      a: CLIENT TRACKING ON BCAST PREFIX user: PREFIX order:
      a: CLIENT TRACKING ON BCAST PREFIX user:1
      a: CLIENT TRACKING ON BCAST PREFIX new: PREFIX new:er
      a: CLIENT TRACKING ON BCAST PREFIX zone:
      a: CLIENT TRACKINGINFO
      b: MSET user:2 b user:1 a order:9 x other y zone:1 z
      a: MULTI
      a: SET user:7 1
      a: DEL user:7
      a: SET order:3 1
      a: EXEC
      b: SET user:e 1 PX 1
      wait 50
      b: GET user:e
      a: CLIENT TRACKING OFF
      a: CLIENT TRACKING ON BCAST NOLOOP
      a: SET mine 1
      b: SET yours 1
      a: RESET
      b: SET more 1
      """),
    Scenario(
      "OPTIN and OPTOUT are about the next command",
      """
      a: HELLO 3
      a: CLIENT CACHING YES
      a: CLIENT TRACKING ON OPTIN
      a: CLIENT CACHING NO
      a: GET x
      b: SET x 1
      a: CLIENT CACHING YES
      a: CLIENT TRACKINGINFO
      a: GET x
      a: GET y
      b: MSET x 1 y 1
      a: CLIENT CACHING YES
      a: MULTI
      a: GET x
      a: GET y
      a: EXEC
      b: MSET x 1 y 1
      a: CLIENT TRACKING ON OPTOUT
      a: CLIENT TRACKING ON OPTIN OPTOUT
      a: CLIENT TRACKING ON BCAST
      a: CLIENT TRACKING OFF
      a: CLIENT TRACKING ON OPTOUT
      a: CLIENT CACHING YES
      a: CLIENT CACHING maybe
      a: CLIENT CACHING NO
      a: GET x
      a: GET y
      b: MSET x 1 y 1
      """),
    Scenario(
      "messages go to another client, until it is gone",
      """
      r: SUBSCRIBE __redis__:invalidate
      a: CLIENT TRACKING ON REDIRECT @r
      a: CLIENT GETREDIR
      a: GET x
      b: SET x 1
      b: FLUSHALL
      a: HELLO 3
      a: CLIENT TRACKING ON REDIRECT @r REDIRECT @r
      a: CLIENT TRACKING ON REDIRECT 0
      a: CLIENT TRACKING ON REDIRECT text
      a: CLIENT TRACKING ON PREFIX x
      a: CLIENT TRACKING ON BCAST OPTIN
      a: CLIENT TRACKING maybe
      a: CLIENT TRACKING ON nonsense
      a: GET x
      r: <close>
      b: SET x 1
      a: CLIENT TRACKINGINFO
      """),
  ]
}
