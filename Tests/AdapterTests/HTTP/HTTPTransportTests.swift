import Testing

/// One test at a time: several of them measure time.
@Suite("The HTTP transport", .serialized)
enum HTTPTransportTests {}
