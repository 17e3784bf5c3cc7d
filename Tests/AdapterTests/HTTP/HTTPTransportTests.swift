import Testing

/// Everything that runs against all transports, one test at a time: several of them measure time, and URLSession keeps a
/// core busy while it waits.
@Suite("HTTP transports", .serialized)
enum HTTPTransportTests {}
