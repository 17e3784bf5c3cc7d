import Wire

/// JSON as the loopback servers read and write it.
typealias LoopbackJSON = JSONValue
