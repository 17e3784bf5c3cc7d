import Foundation
import NIOSSL

/// FOR TESTS ONLY: a CA nobody trusts, and a certificate of it for `localhost` (not for 127.0.0.1) with its key. Valid
/// until 2126; the CA's own key was thrown away. And certificates that are worse, with theirs.
enum TestCertificates {
    /// What a server shows.
    enum Identity: CaseIterable {
        case localhost
        /// For `localhost`, until 2126.
        case selfSigned
        /// Self-signed for `pbx.example.net` and `*.pbx.example.net`, until the first of January 2021.
        case expired
        /// Self-signed for `localhost`, from the first of January 2100.
        case notYetValid

        var certificate: String {
            switch self {
            case .localhost: TestCertificates.localhost
            case .selfSigned: TestCertificates.selfSigned
            case .expired: TestCertificates.expired
            case .notYetValid: TestCertificates.notYetValid
            }
        }

        fileprivate var key: String {
            switch self {
            case .localhost: TestCertificates.localhostKeyForTestsOnly
            case .selfSigned: TestCertificates.selfSignedKeyForTestsOnly
            case .expired: TestCertificates.expiredKeyForTestsOnly
            case .notYetValid: TestCertificates.notYetValidKeyForTestsOnly
            }
        }
    }

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

    private static let selfSigned = """
        -----BEGIN CERTIFICATE-----
        MIIBqTCCAVCgAwIBAgIUcDuJx3h5tW8Tairg5nMolVNHWqMwCgYIKoZIzj0EAwIw
        IDEeMBwGA1UEAwwVVEVTVCBPTkxZIHNlbGYtc2lnbmVkMCAXDTI2MTEyNjA0Mjg1
        NloYDzIxMjYxMTAyMDQyODU2WjAgMR4wHAYDVQQDDBVURVNUIE9OTFkgc2VsZi1z
        aWduZWQwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAT9ulmDuYT6EAUVoGAZSK4H
        L6GNYMrxh0Nmf0Hl8TTBxoxdKchs2GZ9PUyAXLNooD1qhnVxKxytRJpCd9Ao5aiO
        o2YwZDAdBgNVHQ4EFgQUh++nBSshm/m5sG4XX31tiKqmkPwwHwYDVR0jBBgwFoAU
        h++nBSshm/m5sG4XX31tiKqmkPwwFAYDVR0RBA0wC4IJbG9jYWxob3N0MAwGA1Ud
        EwEB/wQCMAAwCgYIKoZIzj0EAwIDRwAwRAIgDS0dwi0u7U+ZMBtppwd7dpn7xxQu
        1EkeF7C/fOyc8MoCIEQhEfdixqgPujyuG0LjT1kydgd7y/JVPyh4Yajc5clo
        -----END CERTIFICATE-----
        """

    private static let selfSignedKeyForTestsOnly = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgT9YUJl4VQJ4nHNJd
        go3aXdO8Aw5u+DXY27aUPwApIuKhRANCAAT9ulmDuYT6EAUVoGAZSK4HL6GNYMrx
        h0Nmf0Hl8TTBxoxdKchs2GZ9PUyAXLNooD1qhnVxKxytRJpCd9Ao5aiO
        -----END PRIVATE KEY-----
        """

    private static let expired = """
        -----BEGIN CERTIFICATE-----
        MIIBdzCCAR2gAwIBAgIBATAKBggqhkjOPQQDAjAcMRowGAYDVQQDDBFURVNUIE9O
        TFkgZXhwaXJlZDAeFw0yMDAxMDEwMDAwMDBaFw0yMTAxMDEwMDAwMDBaMBwxGjAY
        BgNVBAMMEVRFU1QgT05MWSBleHBpcmVkMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcD
        QgAELWdpZUaexkCN4Koy5nvSXpZZpXq7eZ1DHNa31ebHoIw1ETJu5Ctyv7HvCL/h
        WxX0ygXKen10h5yYiUuIiIhkO6NQME4wLQYDVR0RBCYwJIIPcGJ4LmV4YW1wbGUu
        bmV0ghEqLnBieC5leGFtcGxlLm5ldDAdBgNVHQ4EFgQU3bpP+oajTihQNjV5n5LU
        LfYyB3swCgYIKoZIzj0EAwIDSAAwRQIgefqKP7NvDJb+IbUx4UmrxnbPFIqG/5QV
        tmqslKDuZScCIQDHQT5AJO/zmlp1rCQRsH5LouefiMcqVKYU2bFHyvPhnw==
        -----END CERTIFICATE-----
        """

    private static let expiredKeyForTestsOnly = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgk18cTxHh4UCokKnC
        daA77IJ02VkzZ98yh70iS93u/pKhRANCAAQtZ2llRp7GQI3gqjLme9Jellmlert5
        nUMc1rfV5segjDURMm7kK3K/se8Iv+FbFfTKBcp6fXSHnJiJS4iIiGQ7
        -----END PRIVATE KEY-----
        """

    private static let notYetValid = """
        -----BEGIN CERTIFICATE-----
        MIIBjDCCATKgAwIBAgIUbKxgfJFjgq6kd9HICyNYb1ZncZYwCgYIKoZIzj0EAwIw
        IjEgMB4GA1UEAwwXVEVTVCBPTkxZIG5vdCB5ZXQgdmFsaWQwIhgPMjEwMDAxMDEw
        MDAwMDBaGA8yMTAxMDEwMTAwMDAwMFowIjEgMB4GA1UEAwwXVEVTVCBPTkxZIG5v
        dCB5ZXQgdmFsaWQwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAQHhvGfEjkDVbb7
        lkse/2qoEu7Ctva/MpxcCeyrrQ1HiPOLzwqaWvyUoiYEeSn9vIwxdgwFnSS6Q7LW
        wAJEXaduo0IwQDAUBgNVHREEDTALgglsb2NhbGhvc3QwCQYDVR0TBAIwADAdBgNV
        HQ4EFgQUPZxzkOW5ArDxEV2QrAuVrS2voLAwCgYIKoZIzj0EAwIDSAAwRQIhAJtA
        +Rd39ltihKqaZshYbDOxVwxBZ3ibpel/GkyB0TWPAiBIG6lvf9nxvsPogKmRMnRv
        2fyYkvjVjjkF1bUzLvSoaA==
        -----END CERTIFICATE-----
        """

    private static let notYetValidKeyForTestsOnly = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgTbzFdi7eO16OkggL
        H4Y02lXPLOEFsqpgpQ23YsfjOCWhRANCAAQHhvGfEjkDVbb7lkse/2qoEu7Ctva/
        MpxcCeyrrQ1HiPOLzwqaWvyUoiYEeSn9vIwxdgwFnSS6Q7LWwAJEXadu
        -----END PRIVATE KEY-----
        """

    static func serverContext(_ identity: Identity = .localhost) throws -> NIOSSLContext {
        let chain = try NIOSSLCertificate.fromPEMBytes(Array(identity.certificate.utf8)).map {
            NIOSSLCertificateSource.certificate($0)
        }
        let key = try NIOSSLPrivateKey(bytes: Array(identity.key.utf8), format: .pem)
        return try NIOSSLContext(
            configuration: .makeServerConfiguration(certificateChain: chain, privateKey: .privateKey(key))
        )
    }

    /// Runs `body` with a file that holds `text`, the test CA unless told otherwise.
    static func withFile<Result>(
        holding text: String = authority,
        _ body: (String) async throws -> Result
    ) async throws -> Result {
        try await withFile(holding: Array(text.utf8), body)
    }

    static func withFile<Result>(
        holding bytes: [UInt8],
        _ body: (String) async throws -> Result
    ) async throws -> Result {
        let file = FileManager.default.temporaryDirectory.appending(path: "test-ca-\(UUID().uuidString).pem")
        try Data(bytes).write(to: file)
        defer {
            do { try FileManager.default.removeItem(at: file) } catch { print("left behind: \(file.path)") }
        }
        return try await body(file.path)
    }
}
