import Testing

@Suite("A WebSocket", .timeLimit(.minutes(10)))
struct WebSocketTests {}
