// swift-tools-version: 6.2
import PackageDescription

// `MARTLET_ALLOCATOR=system swift build` takes the C library's allocator instead of jemalloc, so
// that AddressSanitizer and LeakSanitizer see every byte of the keyspace.
let usesSystemAllocator = Context.environment["MARTLET_ALLOCATOR"] == "system"

let package = Package(
  name: "martlet",
  // The client library is for macOS too; the server is for Linux.
  platforms: [.macOS(.v15)],
  products: [
    .executable(name: "martlet-server", targets: ["martlet-server"])
  ],
  targets: [
    // Ground
    .target(
      name: "CMartlet",
      cSettings: usesSystemAllocator ? [.define("MARTLET_SYSTEM_ALLOCATOR")] : [],
      linkerSettings: [.linkedLibrary("crypto"), .linkedLibrary("lzf")]
        + (usesSystemAllocator ? [] : [.linkedLibrary("jemalloc")])),
    .target(
      name: "CLua", dependencies: ["CMartlet"],
      linkerSettings: [.linkedLibrary("lua5.1"), .linkedLibrary("lua5.1-cjson"), .linkedLibrary("lua5.1-bitop")]),
    .target(name: "Memory", dependencies: ["CMartlet"]),
    .target(name: "RESP", dependencies: ["CMartlet", "Memory"]),
    // Directives, configuration files, CONFIG GET, SET and REWRITE
    .target(name: "Directives"),
    // Structures
    .target(name: "Structures", dependencies: ["CMartlet", "Memory"]),
    // Storage
    .target(name: "Keyspace", dependencies: ["CMartlet", "Memory", "Structures"]),
    // Commands
    .target(name: "Commands", dependencies: ["CMartlet", "CLua", "Memory", "RESP", "Structures", "Keyspace"]),
    // RDB files, the append-only file, snapshots
    .target(name: "Persistence", dependencies: ["CMartlet", "Memory", "Structures", "Keyspace"]),
    // Services
    .target(
      name: "Server",
      dependencies: [
        "CMartlet", "Memory", "RESP", "Structures", "Keyspace", "Persistence", "Commands", "Directives",
      ]),
    // Executables
    .executableTarget(name: "martlet-server", dependencies: ["Directives", "Memory", "Server"]),
    // The load generator of tools/bench
    .executableTarget(name: "martlet-load", dependencies: ["CMartlet"], path: "tools/load"),
    // Writes the client library's commands from the server's declarations
    .executableTarget(
      name: "generate-commands", dependencies: ["Commands", "Memory", "Server"], path: "tools/generate"),
    // Tests
    .target(name: "TestSupport", path: "Tests/TestSupport"),
    .testTarget(name: "DifferentialTests", dependencies: ["TestSupport", "martlet-server"]),
    .testTarget(
      name: "BehaviourTests", dependencies: ["TestSupport", "Memory", "Server", "martlet-server"],
      exclude: ["redis_py.py"]),
    .testTarget(name: "DirectivesTests", dependencies: ["Directives"]),
    .testTarget(
      name: "PersistenceTests",
      dependencies: [
        "TestSupport", "CMartlet", "Memory", "RESP", "Structures", "Keyspace", "Persistence", "Commands",
        "martlet-server",
      ]),
    .testTarget(
      name: "FuzzTests", dependencies: ["TestSupport", "Memory", "RESP", "Structures", "Keyspace", "Commands"]),
    .testTarget(name: "StructuresTests", dependencies: ["Memory", "RESP", "Structures", "Keyspace", "Commands"]),
  ],
  swiftLanguageModes: [.v6]
)

// The client library and the cache stand on SwiftNIO and share nothing with the server's targets: who depends on them
// needs no jemalloc. They are left out of the sanitized build, which is about the server's memory.
if !usesSystemAllocator {
  // Calls run where their caller runs: a command costs no hop to another executor and back (SE-0461).
  let client: [SwiftSetting] = [.enableUpcomingFeature("NonisolatedNonsendingByDefault")]
  package.products += [
    .library(name: "MartletClient", targets: ["MartletClient"]),
    .library(name: "MartletCache", targets: ["MartletCache"]),
    .library(name: "MartletTesting", targets: ["MartletTesting"]),
  ]
  package.traits = [
    .trait(name: "Metrics", description: "Counts and times what the client and the cache do, with swift-metrics"),
    .trait(name: "Tracing", description: "Makes commands of the client spans, with swift-distributed-tracing"),
    .trait(
      name: "Configuration", description: "Configures the client and the cache from where swift-configuration reads"),
    .default(enabledTraits: ["Metrics"]),
  ]
  package.dependencies += [
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
    .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
    .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
    .package(url: "https://github.com/apple/swift-distributed-tracing", from: "1.7.0"),
    .package(url: "https://github.com/apple/swift-configuration", from: "1.0.0"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
  ]
  package.targets += [
    .target(
      name: "MartletClient",
      dependencies: [
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
        .product(name: "Metrics", package: "swift-metrics", condition: .when(traits: ["Metrics"])),
        .product(name: "Tracing", package: "swift-distributed-tracing", condition: .when(traits: ["Tracing"])),
        .product(
          name: "Configuration", package: "swift-configuration", condition: .when(traits: ["Configuration"])),
      ], swiftSettings: client),
    .target(
      name: "MartletCache",
      dependencies: [
        "MartletClient",
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
        .product(name: "Metrics", package: "swift-metrics", condition: .when(traits: ["Metrics"])),
        .product(
          name: "Configuration", package: "swift-configuration", condition: .when(traits: ["Configuration"])),
      ], swiftSettings: client),
    // A shop in two processes whose cache stays right: see docs/CACHE.md
    .executableTarget(
      name: "example-two-processes", dependencies: ["MartletClient", "MartletCache"], path: "Examples/TwoProcesses"),
    // A real server for the tests of an app, as a child process
    .target(name: "MartletTesting", dependencies: ["MartletClient"]),
    // An app on the client library
    .executableTarget(
      name: "example-jobs",
      dependencies: [
        "MartletClient", .product(name: "Logging", package: "swift-log"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
      ], path: "Examples/Jobs"),
    // What the client library and the cache cost: for tools/bench
    .executableTarget(
      name: "client-bench", dependencies: ["MartletClient", "MartletCache"], path: "tools/client-bench"),
    .testTarget(
      name: "MartletClientTests",
      dependencies: [
        "MartletClient", "MartletTesting", "TestSupport", "martlet-server", "generate-commands",
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
        .product(name: "Tracing", package: "swift-distributed-tracing", condition: .when(traits: ["Tracing"])),
        .product(
          name: "InMemoryTracing", package: "swift-distributed-tracing", condition: .when(traits: ["Tracing"])),
        .product(
          name: "Configuration", package: "swift-configuration", condition: .when(traits: ["Configuration"])),
      ]),
    .testTarget(
      name: "MartletCacheTests",
      dependencies: [
        "MartletCache", "MartletClient", "MartletTesting", "TestSupport", "martlet-server",
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(
          name: "Configuration", package: "swift-configuration", condition: .when(traits: ["Configuration"])),
      ]),
  ]
}
