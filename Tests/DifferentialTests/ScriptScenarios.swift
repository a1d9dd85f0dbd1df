import TestSupport

extension Scenario {
  static let scripts = [
    Scenario(
      "values from Lua and back",
      """
      a: EVAL "return {1, 2.9, 'text', true, false, {1, {2}}, nil, 3}" 0
      a: EVAL "return {ok='fine'}" 0
      a: EVAL "return {err='MY error'}" 0
      a: EVAL "return {double=3.5}" 0
      a: EVAL "return {map={a=1}}" 0
      a: EVAL "return {big_number='1234567890123456789012'}" 0
      a: EVAL "return {verbatim_string={string='hello', format='txt'}}" 0
      a: EVAL "return {KEYS[1], KEYS[2], ARGV[1], #ARGV}" 2 k1 k2 a b
      a: EVAL "return redis.call('HSET', KEYS[1], 'f', ARGV[1])" 1 h v
      a: EVAL "redis.setresp(3) return redis.call('HGETALL', 'h')" 0
      a: EVAL "return redis.call('GET', 'missing')" 0
      a: HELLO 3
      a: EVAL "return {1, true, false, {double=1.5}, {set={a=true}}, {map={a=1}}}" 0
      a: EVAL "redis.setresp(3) return redis.call('HGETALL', 'h')" 0
      a: EVAL "redis.setresp(3) return {true, redis.call('GET', 'missing')}" 0
      """),
    Scenario(
      "errors of scripts, and of commands in them",
      """
      a: RPUSH l x
      a: EVAL "return redis.call('INCR', 'l')" 0
      a: EVAL "return redis.pcall('INCR', 'l')" 0
      a: EVAL "return redis.pcall('INCR', 'l').err" 0
      a: EVAL "return {pcall(redis.call, 'INCR', 'l')}" 0
      a: EVAL "return redis.call('NOSUCH')" 0
      a: EVAL "return redis.call('SET', 'k')" 0
      a: EVAL "return redis.call('SUBSCRIBE', 'c')" 0
      a: EVAL "return redis.call()" 0
      a: EVAL "return redis.call({})" 0
      a: EVAL "error('boom')" 0
      a: EVAL "error({err='MY boom'})" 0
      a: EVAL "return (" 0
      a: EVAL "return unknown" 0
      a: EVAL "unknown = 1" 0
      a: EVAL "redis.call = 1" 0
      a: EVAL "rawset(_G, 'x', 1)" 0
      a: EVAL "setmetatable(_G, {})" 0
      a: EVAL "getmetatable('').__index = nil" 0
      a: EVAL "local function f() return 1 + f() end return f()" 0
      a: EVAL "return redis.error_reply('FOO bar')" 0
      a: EVAL "return 1" x
      a: EVAL "return 1" -1
      a: EVAL "return 1" 2 k
      a: EVAL_RO "return redis.call('SET', 'k', 'v')" 0
      """),
    Scenario(
      "scripts by digest, and in transactions",
      """
      a: SCRIPT LOAD "return redis.call('INCR', KEYS[1])"
      b: EVALSHA 61636018f4e6b5817b89791bbed242f93fa089e3 1 n
      a: SCRIPT EXISTS ffffffffffffffffffffffffffffffffffffffff x
      a: EVALSHA ffffffffffffffffffffffffffffffffffffffff 0
      a: EVALSHA short 0
      a: WATCH n
      b: EVAL "return redis.call('INCR', KEYS[1])" 1 n
      a: MULTI
      a: EVAL "return redis.call('GET', KEYS[1])" 1 n
      a: EXEC
      a: MULTI
      a: EVAL "redis.call('SELECT', 3) return redis.call('SET', 'there', 1)" 0
      a: EVAL "return redis.call('EXISTS', 'there')" 0
      a: EXEC
      a: SCRIPT KILL
      a: SCRIPT FLUSH
      """),
    Scenario(
      "a script serves those who wait when it is over",
      """
      a: BLPOP l 0
      b: EVAL "redis.call('RPUSH', 'l', 'x') redis.call('DEL', 'l') return redis.call('RPUSH', 'l', 'y')" 0
      b: EXISTS l
      """),
    Scenario(
      "libraries that the same commands use",
      """
      a: EVAL "return cjson.encode({1, {a='b'}, cjson.null})" 0
      a: EVAL "return cjson.decode('[1, 2, [3]]')" 0
      a: EVAL "return cmsgpack.pack(1, -1, 300, 1.5, 'x', {1, 2}, {a=1})" 0
      a: EVAL "return {cmsgpack.unpack(cmsgpack.pack(1, 'x', {1, 2}))}" 0
      a: EVAL "return struct.pack('>I2hsB', 1, -2, 'ab', 255)" 0
      a: EVAL "return {struct.unpack('>I2h', struct.pack('>I2h', 258, -3))}" 0
      a: EVAL "return {bit.band(255, 15), bit.tohex(255)}" 0
      a: EVAL "math.randomseed(7) return {math.random(100), math.random(100)}" 0
      a: EVAL "return redis.sha1hex('abc')" 0
      """),
  ]
}
