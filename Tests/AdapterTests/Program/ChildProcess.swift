import Foundation
import Synchronization

#if canImport(Glibc)
    import Glibc
#endif

/// A child process, its output read to the end by a thread.
///
/// Foundation's `Process` closes the descriptors that it finds open and then spawns: a listening socket that another
/// test opens in between is inherited, and that test's server goes on accepting connections after it was stopped.
final class ChildProcess: Sendable {
    enum Event: Sendable {
        case wrote([UInt8], ProgramOutput.Stream)
        case exited(ProgramOutput.Exit)
    }

    /// Who reads what the process says on stderr.
    enum ErrorReader: Sendable {
        case attentive
        /// Its end of the pipe is closed from the start.
        case gone
        /// The pipe is full from the start, and stays so.
        case stalled
    }

    struct SpawnFailure: Error {
        let what: String
        let code: Int32
    }

    /// Ends with `exited`.
    let events: AsyncStream<Event>
    let pid: pid_t
    private let isReaped = Mutex(false)

    init(
        _ program: String, _ arguments: [String], environment: [String: String], directory: String,
        errorReader: ErrorReader = .attentive
    ) throws {
        var (output, errors) = ([Int32](repeating: -1, count: 2), [Int32](repeating: -1, count: 2))
        guard pipe(&output) == 0, pipe(&errors) == 0 else { throw SpawnFailure(what: "pipe", code: errno) }
        defer {
            close(output[1])
            close(errors[1])
        }
        if errorReader == .stalled { Self.fill(errors[1]) }
        var inherited = ProcessInfo.processInfo.environment.filter {
            [
                "PATH", "HOME", "TMPDIR", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "DYLD_FRAMEWORK_PATH", "TSAN_OPTIONS",
                "ASAN_OPTIONS",
            ].contains($0.key)
        }
        // Lines are counted in the tests' own process: one that is killed while it writes what it ran spoils the file.
        inherited["LLVM_PROFILE_FILE"] = "/dev/null"
        inherited.merge(environment) { _, given in given }
        // The shell only changes the directory and gives its process to the program.
        let words = ["/bin/sh", "-c", #"cd "$0" && exec "$@""#, directory, program] + arguments
        do {
            pid = try Self.spawn(words, inherited.map { "\($0)=\($1)" }, output: output[1], errors: errors[1])
        } catch {
            close(output[0])
            close(errors[0])
            throw error
        }
        let (events, continuation) = AsyncStream<Event>.makeStream()
        self.events = events
        if errorReader == .gone { close(errors[0]) }
        let (outputEnd, errorsEnd) = (output[0], errors[0])
        Thread.detachNewThread { [self] in
            Self.read(outputEnd, errorReader == .attentive ? errorsEnd : -1) { continuation.yield(.wrote($0, $1)) }
            if errorReader == .stalled { close(errorsEnd) }
            continuation.yield(.exited(reap()))
            continuation.finish()
        }
    }

    /// Does nothing after the end of the process, when its number may be another's.
    func signal(_ number: Int32) {
        isReaped.withLock { isReaped in
            if !isReaped { _ = kill(pid, number) }
        }
    }

    private static func spawn(_ words: [String], _ environment: [String], output: Int32, errors: Int32) throws -> pid_t
    {
        #if canImport(Glibc)
            var actions = posix_spawn_file_actions_t()
            var attributes = posix_spawnattr_t()
        #else
            var actions: posix_spawn_file_actions_t?
            var attributes: posix_spawnattr_t?
        #endif
        posix_spawn_file_actions_init(&actions)
        posix_spawnattr_init(&attributes)
        defer {
            posix_spawn_file_actions_destroy(&actions)
            posix_spawnattr_destroy(&attributes)
        }
        // The loopback servers ignore SIGPIPE in the process of the tests, and a child inherits that.
        var (defaults, blocked) = (sigset_t(), sigset_t())
        sigemptyset(&defaults)
        sigaddset(&defaults, SIGPIPE)
        sigemptyset(&blocked)
        posix_spawnattr_setsigdefault(&attributes, &defaults)
        posix_spawnattr_setsigmask(&attributes, &blocked)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
        posix_spawn_file_actions_adddup2(&actions, errors, STDERR_FILENO)
        #if canImport(Glibc)
            // All there are when it is done, which takes in what is opened between here and the spawn. Several hundred
            // servers at once have numbers far above a thousand.
            try closeAll(from: 3, in: &actions)
        #endif
        var arguments = words.map { strdup($0) } + [nil]
        var variables = environment.map { strdup($0) } + [nil]
        defer { (arguments + variables).forEach { free($0) } }
        var pid = pid_t()
        let result = posix_spawn(&pid, words[0], &actions, &attributes, &arguments, &variables)
        guard result == 0 else { throw SpawnFailure(what: "posix_spawn", code: result) }
        return pid
    }

    #if canImport(Glibc)
        /// `posix_spawn_file_actions_addclosefrom_np`, which the headers have for GNU's dialect only.
        private static func closeAll(from lowest: Int32, in actions: inout posix_spawn_file_actions_t) throws {
            let name = "posix_spawn_file_actions_addclosefrom_np"
            guard let symbol = dlsym(nil, name) else { throw SpawnFailure(what: name, code: ENOSYS) }
            typealias Function = @convention(c) (UnsafeMutablePointer<posix_spawn_file_actions_t>, Int32) -> Int32
            let result = unsafeBitCast(symbol, to: Function.self)(&actions, lowest)
            guard result == 0 else { throw SpawnFailure(what: name, code: result) }
        }
    #endif

    /// Until not a byte more fits.
    private static func fill(_ pipe: Int32) {
        let flags = fcntl(pipe, F_GETFL)
        _ = fcntl(pipe, F_SETFL, flags | O_NONBLOCK)
        for size in [4096, 1] {
            let bytes = [UInt8](repeating: 0x78, count: size)
            while write(pipe, bytes, size) > 0 {}
        }
        _ = fcntl(pipe, F_SETFL, flags)
    }

    /// Reads both streams until they end.
    private static func read(
        _ output: Int32, _ errors: Int32, _ receive: ([UInt8], ProgramOutput.Stream) -> Void
    ) {
        var polled = [
            pollfd(fd: output, events: Int16(POLLIN), revents: 0),
            pollfd(fd: errors, events: Int16(POLLIN), revents: 0),
        ]
        let streams: [ProgramOutput.Stream] = [.stdout, .stderr]
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while polled.contains(where: { $0.fd >= 0 }) {
            let ready = poll(&polled, 2, -1)
            if ready < 0, errno == EINTR { continue }
            guard ready > 0 else { break }
            for index in polled.indices where polled[index].fd >= 0 && polled[index].revents != 0 {
                #if canImport(Glibc)
                    let count = Glibc.read(polled[index].fd, &buffer, buffer.count)
                #else
                    let count = Darwin.read(polled[index].fd, &buffer, buffer.count)
                #endif
                if count > 0 {
                    receive(Array(buffer[..<count]), streams[index])
                } else if count == 0 || errno != EINTR {
                    close(polled[index].fd)
                    polled[index].fd = -1
                }
            }
        }
    }

    private func reap() -> ProgramOutput.Exit {
        var information = siginfo_t()
        while waitid(P_PID, id_t(pid), &information, WEXITED | WNOWAIT) != 0, errno == EINTR {}
        return isReaped.withLock { isReaped in
            isReaped = true
            var status: Int32 = 0
            waitpid(pid, &status, 0)
            // The macros of <sys/wait.h>, which Swift does not import.
            let signal = status & 0x7F
            return signal == 0 ? .code((status >> 8) & 0xFF) : .signal(signal)
        }
    }
}
