import Testing

/// Scripts that mean harm get an error, and the server goes on.
@Suite struct HostileScriptTests {
  @Test(arguments: [
    "local function f() return f() + 1 end return f()",
    "return string.rep('x', 1e9)",
    "return string.find(string.rep('x', 1000), string.rep('.?', 100000))",
    "return string.gsub(string.rep('x', 1000), string.rep('.?', 100000), '')",
    "return string.match('x', string.rep('x*', 100000))",
    "for _ in string.gmatch('x', string.rep('x-', 100000)) do end",
    "return cjson.decode(string.rep('[', 200000))",
    "local t = {} for _ = 1, 100000 do t = {t} end return cjson.encode(t)",
    "return cmsgpack.unpack(string.rep('\\145', 200000))",
    "return struct.unpack('s', 'no end')",
    "return struct.pack('i99', 1)",
    "return bit.lshift({}, 1)",
    "return unpack({}, 1, 1e8)",
    "error({})",
    "error(nil)",
    "return redis.call()",
    "return redis.call({})",
    "return redis.call('GET')",
    "return redis.error_reply('a\\r\\n+OK')",
    "_G.x = 1",
    "string.find = 1",
    "return setmetatable(_G, {})",
    "return loadstring('\\27Lua')()",
  ])
  func aHostileScriptGetsAnError(_ script: String) {
    let runner = CommandRunner()
    let reply = runner.run("EVAL", script, "0")
    #expect(reply.hasPrefix("-"), "\(reply.prefix(200))")
    #expect(reply.dropLast(2).allSatisfy { $0 != "\r" && $0 != "\n" && $0 != "\r\n" })
    #expect(runner.run("EVAL", "return redis.call('SET', KEYS[1], ARGV[1])", "1", "a", "b") == "+OK\r\n")
  }

  @Test func aLongTextMayStillBeSearchedForAPlainOne() {
    let runner = CommandRunner()
    let script = "return string.find(string.rep('a.?', 10000) .. 'b', string.rep('a.?', 9999) .. 'a.?b', 1, true)"
    #expect(runner.run("EVAL", script, "0") == ":1\r\n")
  }

  @Test func aReplyDeeperThanTheStackIsAnErrorWithinIt() {
    let runner = CommandRunner()
    let reply = runner.run("EVAL", "local t = {} for _ = 1, 100000 do t = {t} end return t", "0")
    #expect(!reply.isEmpty)
    #expect(runner.run("EXISTS", "a") == ":0\r\n")
  }
}
