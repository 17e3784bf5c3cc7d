#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The memory of the process as a file, which the system writes when it crashes.
package enum CoreDumps {
    /// There are passwords in it: no file from now on, however the process was started.
    ///
    /// - Returns: whether the system agrees.
    package static func forbid() -> Bool {
        var none = rlimit(rlim_cur: 0, rlim_max: 0)
        #if canImport(Glibc)
            return setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none) == 0
        #else
            return setrlimit(RLIMIT_CORE, &none) == 0
        #endif
    }
}
