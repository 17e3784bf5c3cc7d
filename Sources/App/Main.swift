import ArgumentParser
import ServiceLifecycle
import UnixSignals
@main struct Main: AsyncParsableCommand { func run() async throws { print("hi") } }
