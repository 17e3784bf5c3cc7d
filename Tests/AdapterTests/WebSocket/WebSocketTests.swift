import Testing

@Suite("A WebSocket", .timeLimit(.minutes(3)))
struct WebSocketTests {}
