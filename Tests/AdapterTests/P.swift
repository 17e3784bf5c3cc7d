import CustomDump
import FlyingFox
import Testing
@testable import App
@Test func b() { #expect(1 == 1) }
