import TestSupport
import Testing

@Suite struct StartTests {
  @Test func serverStartsAnswersAndEnds() throws {
    let server = try ServerProcess(.martlet)
    #expect(try server.connect().call("PING").text == "+PONG\r\n")
    #expect(server.terminate() == 0)
    #expect(server.logText.contains("Ready to accept connections tcp"))
  }
}
