import Foundation
import NIOSSL

/// FOR TESTS ONLY: a CA nobody trusts, and a certificate of it for `localhost` (not for 127.0.0.1) with its key. Valid
/// until 2126; the CA's own key was thrown away.
enum TestCertificates {
    static let authority = """
        -----BEGIN CERTIFICATE-----
        MIIBljCCATugAwIBAgIUe9KlM8vdYfjzQ1aNkRm8fUO7F08wCgYIKoZIzj0EAwIw
        FzEVMBMGA1UEAwwMVEVTVCBPTkxZIENBMCAXDTI2MTEyMjIwMjE0N1oYDzIxMjYx
        MDI5MjAyMTQ3WjAXMRUwEwYDVQQDDAxURVNUIE9OTFkgQ0EwWTATBgcqhkjOPQIB
        BggqhkjOPQMBBwNCAAR6LZGlZtIq2XTX3vTQd4u41Lis3EgiaH1QdtS8Kmezqe9c
        0JqCuuGal5CxnBL/1pLtjOqLvp+a+FJUmsaGYtn7o2MwYTAdBgNVHQ4EFgQU+SOV
        j6mKyexOGTjA1hxTtUGK2bYwHwYDVR0jBBgwFoAU+SOVj6mKyexOGTjA1hxTtUGK
        2bYwDwYDVR0TAQH/BAUwAwEB/zAOBgNVHQ8BAf8EBAMCAQYwCgYIKoZIzj0EAwID
        SQAwRgIhAOl4hEYJbKbR22lykyK/RoYVCOnyGQsjc7AXG/HP5EqfAiEAgmPraeA2
        vXcxL5uqd73iOLsj7RDLCaxW5E4plQHO/A8=
        -----END CERTIFICATE-----
        """

    private static let localhost = """
        -----BEGIN CERTIFICATE-----
        MIIBwzCCAWmgAwIBAgIULsOUuC/DW1VIv7fvNZC1o2TrZDIwCgYIKoZIzj0EAwIw
        FzEVMBMGA1UEAwwMVEVTVCBPTkxZIENBMCAXDTI2MTEyMjIwMjE0N1oYDzIxMjYx
        MDI5MjAyMTQ3WjAeMRwwGgYDVQQDDBNURVNUIE9OTFkgbG9jYWxob3N0MFkwEwYH
        KoZIzj0CAQYIKoZIzj0DAQcDQgAEA+pPzx0SjQTxgxHlFciQyLqHuQME4tnAgGkc
        77f60uc+Jl8KscQl+0NI7OED0DZuwORX41alVvL0TD7mcu1OX6OBiTCBhjAUBgNV
        HREEDTALgglsb2NhbGhvc3QwCQYDVR0TBAIwADAOBgNVHQ8BAf8EBAMCB4AwEwYD
        VR0lBAwwCgYIKwYBBQUHAwEwHQYDVR0OBBYEFFyVZeavu9NgU0hoWyoOUO86oNsG
        MB8GA1UdIwQYMBaAFPkjlY+pisnsThk4wNYcU7VBitm2MAoGCCqGSM49BAMCA0gA
        MEUCIBorp4757YTZxhkXUoUtjz0jJRNrk+JhxkNwiu4abR16AiEA382L/Osv6EDV
        Ft8dB+MFv/mjxwttT2+44lEti5Pjziw=
        -----END CERTIFICATE-----
        """

    private static let localhostKeyForTestsOnly = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgXHemw4phnPOtWpIM
        sWMoN9JbZ/CkuD5F0GNcpGN8DGWhRANCAAQD6k/PHRKNBPGDEeUVyJDIuoe5AwTi
        2cCAaRzvt/rS5z4mXwqxxCX7Q0js4QPQNm7A5FfjVqVW8vRMPuZy7U5f
        -----END PRIVATE KEY-----
        """

    static func serverContext() throws -> NIOSSLContext {
        let chain = try NIOSSLCertificate.fromPEMBytes(Array(localhost.utf8)).map {
            NIOSSLCertificateSource.certificate($0)
        }
        let key = try NIOSSLPrivateKey(bytes: Array(localhostKeyForTestsOnly.utf8), format: .pem)
        return try NIOSSLContext(
            configuration: .makeServerConfiguration(certificateChain: chain, privateKey: .privateKey(key))
        )
    }

    /// Runs `body` with a file that holds `text`, the test CA unless told otherwise.
    static func withFile<Result>(
        holding text: String = authority,
        _ body: (String) async throws -> Result
    ) async throws -> Result {
        let file = FileManager.default.temporaryDirectory.appending(path: "test-ca-\(UUID().uuidString).pem")
        try Data(text.utf8).write(to: file)
        defer {
            do { try FileManager.default.removeItem(at: file) } catch { print("left behind: \(file.path)") }
        }
        return try await body(file.path)
    }
}
