import Foundation
import Logging
import MartletTesting
import NIOSSL
import ServiceLifecycle
import TestSupport
import Testing

@testable import MartletClient

@Test func aServiceGroupEndsTheClientAfterItsLastReply() async throws {
  let server = try await FakeServer { command, _ in .delayed("+\(command[1])\r\n", .milliseconds(50)) }
  let client = server.client
  let group = ServiceGroup(services: [client], gracefulShutdownSignals: [], logger: Logger(label: "test"))
  let running = Task { try await group.run() }
  #expect(try await client.send(["ECHO", "first"]).string == "first")
  let last = Task { try await client.send(["ECHO", "last"]).string }
  while server.commands.count < 2 { try await Task.sleep(for: .milliseconds(1)) }
  await group.triggerGracefulShutdown()
  #expect(try await last.value == "last")
  try await running.value
  await #expect(throws: MartletError.closed) { try await client.send(["ECHO", "late"]) }
}

@Test func cancellingRunClosesTheClient() async throws {
  let server = try await FakeServer { _, _ in .nothing }
  let client = server.client
  let running = Task { try await client.run() }
  let waiting = Task { try await client.send(["PING"]) }
  while server.commands.isEmpty { try await Task.sleep(for: .milliseconds(1)) }
  running.cancel()
  try await running.value
  await #expect(throws: MartletError.closed) { try await waiting.value }
}

@Test func aStreamGroupEndsWithItsServiceGroup() async throws {
  try await withTestServer { client in
    let worker = Worker(jobs: client.streamGroup("jobs", group: "g", consumer: "a"))
    let group = ServiceGroup(services: [worker], gracefulShutdownSignals: [], logger: Logger(label: "test"))
    let running = Task { try await group.run() }
    while try await client.exists("jobs") == 0 { try await Task.sleep(for: .milliseconds(2)) }
    try await client.xadd("jobs", ["n": 1])
    while worker.done.value == 0 { try await Task.sleep(for: .milliseconds(2)) }
    await group.triggerGracefulShutdown()
    try await running.value
    #expect(worker.done.value == 1)
  }
}

private struct Worker: Service {
  let jobs: StreamGroup
  let done = Lock(0)
  func run() async throws {
    for try await job in jobs {
      done.change { $0 += 1 }
      try await job.ack()
    }
  }
}

/// Letting go of a client closes its connections.
@Test func nothingIsLeftOfAClientThatNobodyHolds() async throws {
  try await withTestServer { observer in
    do {
      let client = Client(.standalone(observer.sharedConnections[0].id.node))
      try await client.send(["CLIENT", "LIST"])
      _ = try? await client.blpop("k", timeout: 0.01)
      try await client.subscribe(to: "c") { _ in }
    }
    while try await observer.clientList().string.split(separator: "\n").count > 1 {
      try await Task.sleep(for: .milliseconds(2))
    }
  }
}

/// With redis-server, since Martlet does not speak TLS yet.
@Test func encryptedConnectionsAreVerified() async throws {
  let directory = FileManager.default.temporaryDirectory.appendingPathComponent("martlet-tls-\(getpid())")
  try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: directory) }
  let key = directory.appendingPathComponent("key.pem").path
  let certificate = directory.appendingPathComponent("certificate.pem").path
  let (code, output) = try runProgram(
    "/usr/bin/openssl",
    [
      "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", certificate, "-days", "1", "-subj",
      "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
    ])
  try #require(code == 0, "\(output)")
  let server = try TestServer(
    .redis,
    directives: [
      "tls-cert-file": certificate, "tls-key-file": key, "tls-ca-cert-file": certificate, "tls-auth-clients": "no",
    ], usesTLS: true)
  try await server.waitUntilReady()
  var tls = TLSConfiguration.makeClientConfiguration()
  tls.trustRoots = .file(certificate)
  var configuration = ClientConfiguration()
  configuration.encryption = .tls(tls)
  let client = Client(.standalone("localhost", server.port), configuration: configuration)
  try await client.set("k", "secret")
  #expect(try await client.get("k") == "secret")
  // Without the certificate's authority, the server is not trusted.
  let suspicious = try Client(url: "rediss://localhost:\(server.port)")
  await #expect { try await suspicious.get("k") } throws: { error in
    if case MartletError.cannotConnect = error { true } else { false }
  }
}
