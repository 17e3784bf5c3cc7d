import Dispatch
import FuzzTargets

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// libFuzzer's own loop. Its flags: https://llvm.org/docs/LibFuzzer.html
@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
    _ count: UnsafeMutablePointer<CInt>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
    _ check: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt

/// `fuzz TARGET [FLAG…] [FOLDER…]`: looks for inputs with which a target breaks its promise. `fuzz` alone names the
/// targets.
@main
struct Fuzz {
    nonisolated(unsafe) private static var target: FuzzTarget?

    static func main() {
        guard CommandLine.arguments.count > 1,
            let target = FuzzTarget.all.first(where: { $0.name == CommandLine.arguments[1] })
        else {
            for target in FuzzTarget.all { print(target.name) }
            return
        }
        self.target = target
        // The name stays where libFuzzer looks for its own: at the beginning.
        var count = CommandLine.argc - 1
        var arguments = CommandLine.unsafeArgv + 1
        exit(runDriver(&count, &arguments, check))
    }

    fileprivate static func run(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
        let input = Array(UnsafeBufferPointer(start: bytes, count: count))
        let done = DispatchSemaphore(value: 0)
        Task { [target] in
            do {
                try await target?.check(input)
            } catch {
                // libFuzzer keeps the input with which the process ends.
                fatalError("\(error)")
            }
            done.signal()
        }
        done.wait()
        return 0
    }
}

/// Under this name libFuzzer's own `main` wants to have it as well, which is linked though never called.
@_cdecl("LLVMFuzzerTestOneInput")
func check(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    Fuzz.run(bytes, count)
}
