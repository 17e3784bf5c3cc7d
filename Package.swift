// swift-tools-version: 6.2
import PackageDescription

var strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    // Not MemberImportVisibility: on Linux it ascribes glibc's types to whichever C module was read first, so that
    // whether a file compiles depends on the others.
]
// Not for everybody: a newer compiler's new warning must not keep an operator from building.
if Context.environment["CI"] != nil { strict.append(.treatAllWarnings(as: .error)) }

let package = Package(
    name: "3cx-zammad-bridge",
    platforms: [.macOS(.v15)],
    products: [
        // The same program twice: `swift run app …` in a checkout, `zammadbridge …` once installed.
        .executable(name: "app", targets: ["App"]),
        .executable(name: "zammadbridge", targets: ["App"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/pointfreeco/swift-custom-dump", from: "1.7.3"),
        .package(url: "https://github.com/swhitty/FlyingFox", from: "0.27.1"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        .target(name: "Domain", swiftSettings: strict),
        .target(name: "Ports", dependencies: ["Domain"], swiftSettings: strict),
        // HTTP, WebSocket, JSON and TLS, which know nothing of telephones or tickets.
        .target(
            name: "Wire",
            dependencies: [
                "Domain", "Ports",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "NIOTLS", package: "swift-nio"),
                .product(name: "NIOWebSocket", package: "swift-nio"),
            ],
            swiftSettings: strict
        ),
        .target(
            name: "Adapters",
            dependencies: [
                "Domain", "Ports", "Wire",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "Yams", package: "Yams"),
            ],
            resources: [.embedInCode("Status/Page"), .embedInCode("Configuration/config.example.yaml")],
            swiftSettings: strict
        ),
        // A 3CX and a Zammad that are played: for the demo, the random worlds and the tests.
        .target(
            name: "Played",
            dependencies: [
                "Domain", "Ports", "Wire", "Adapters",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOWebSocket", package: "swift-nio"),
            ],
            swiftSettings: strict
        ),
        // For developers: random worlds and all sequences of inputs.
        .target(
            name: "Simulation", dependencies: ["Domain", "Ports", "Wire", "Adapters", "Played"], swiftSettings: strict),
        .executableTarget(
            name: "worlds",
            dependencies: [
                "Adapters", "Simulation", .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            path: "Sources/Worlds",
            swiftSettings: strict
        ),
        .executableTarget(
            name: "App",
            dependencies: [
                "Domain", "Ports", "Wire", "Adapters", "Played",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            swiftSettings: strict
        ),
        .testTarget(
            name: "DomainTests",
            dependencies: ["Domain", .product(name: "CustomDump", package: "swift-custom-dump")],
            swiftSettings: strict
        ),
        .testTarget(
            name: "AdapterTests",
            dependencies: [
                "Domain", "Ports", "Wire", "Adapters", "Played", "Simulation", "App", "worlds",
                .product(name: "CustomDump", package: "swift-custom-dump"),
                .product(name: "FlyingFox", package: "FlyingFox"),
                .product(name: "FlyingSocks", package: "FlyingFox"),
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOEmbedded", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "NIOWebSocket", package: "swift-nio"),
            ],
            swiftSettings: strict
        ),
    ]
)

// `make bench-micro`: measures what no other package can reach.
if Context.environment["BENCHMARKS"] != nil {
    package.targets.append(
        .executableTarget(
            name: "micro", dependencies: ["Domain", "Ports", "Wire", "Adapters"], path: "Benchmarks/Sources/Micro",
            swiftSettings: strict))
}

// `make check-numbers`: the number plan as a program that answers line by line.
if Context.environment["NUMBERS"] != nil {
    package.targets.append(
        .executableTarget(
            name: "number-forms", dependencies: ["Domain"], path: "Scripts/NumberForms", swiftSettings: strict))
}

// `make fuzz`: the readers of outside input, instrumented for libFuzzer, and nothing of the rest.
if Context.environment["FUZZ"] != nil {
    let instrumented = SwiftSetting.unsafeFlags([
        "-sanitize=fuzzer", "-enable-testing", "-assert-config", "Debug", "-O",
    ])
    package.products = []
    package.targets.removeAll { !["Domain", "Ports", "Wire", "Adapters"].contains($0.name) }
    for target in package.targets { target.swiftSettings = strict + [instrumented] }
    package.targets += [
        .target(
            name: "FuzzTargets",
            dependencies: [
                "Domain", "Ports", "Wire", "Adapters",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOEmbedded", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOWebSocket", package: "swift-nio"),
            ],
            path: "Tests/AdapterTests/Fuzzing",
            exclude: ["FuzzCorpusTests.swift"],
            swiftSettings: strict + [instrumented]
        ),
        .executableTarget(
            name: "fuzz",
            dependencies: ["FuzzTargets"],
            path: "Fuzz/Sources",
            swiftSettings: strict,
            linkerSettings: [.unsafeFlags(["-sanitize=fuzzer", "-use-ld=lld"])]
        ),
    ]
}
