import Testing
import Wire

@Suite("A WebSocket", .timeLimit(.minutes(10)))
struct WebSocketTests {}
