namespace Decent.Canister.Client.Tests.Identities;

/// <summary>Keys made for these tests with OpenSSL 3; they guard nothing. The password is the constant.</summary>
internal static class TestKeys
{
    internal const string Password = "correct-horse";

    internal const string Ed25519Der =
        "302a300506032b6570032100fe2ba7c929fd93ba50dce9c9d76e59e577e41c44d4bfd998d47d3ba8716188ed";

    internal const string Secp256k1Der =
        "3056301006072a8648ce3d020106052b8104000a03420004a7d9fc2e5bfa5bd0260bc65dce211ed2820c9027"
        + "6e3c699f96a07baec52efcc95f12367cd6f159c8cf4fcd137149cde5fa2f947fc35556cdf69b0920f09bb04d";

    internal const string P256Der =
        "3059301306072a8648ce3d020106082a8648ce3d03010703420004a4ee1e86bdf4411781cdaa3abb5ec79056"
        + "09b8291be5411b71548c70df79e9a8824c175cca8a58ad8a667ebda3f5795222deb7ef2ddcef0dadee48564064cacd";

    internal const string Ed25519 = """
        -----BEGIN PRIVATE KEY-----
        MC4CAQAwBQYDK2VwBCIEIA6ejWF16wmkHcdBAJoWyd2T70vRrHAZxZfLYaHJcdtO
        -----END PRIVATE KEY-----
        """;

    internal const string Ed25519Pbkdf2Aes256 = """
        -----BEGIN ENCRYPTED PRIVATE KEY-----
        MIGbMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAjFviMd9oW+MwICCAAw
        DAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEED7TVZellW7MVifbzDz2cRIEQJMa
        4wyWEePrgLm6m4J+enMU3fvtlW/NUC7OhVXyWZaAWw37j0Yzldf7ls2Oh7JL4f9x
        3Z6K0QY9c7ZC/I5waDc=
        -----END ENCRYPTED PRIVATE KEY-----
        """;

    internal const string Ed25519TripleDes = """
        -----BEGIN ENCRYPTED PRIVATE KEY-----
        MIGKME4GCSqGSIb3DQEFDTBBMCkGCSqGSIb3DQEFDDAcBAj3q5SLTO1A7AICCAAw
        DAYIKoZIhvcNAgkFADAUBggqhkiG9w0DBwQIPYn3Nj7KOpsEOJ5eSxi69RNBFTPe
        vLxqeZh87BSXp4KTOqnX5g2DNVDPRp6YtrLWk7AeK8hmimDZ+DsxI7UI9RXN
        -----END ENCRYPTED PRIVATE KEY-----
        """;

    internal const string Ed25519Sha1 = """
        -----BEGIN ENCRYPTED PRIVATE KEY-----
        MIGNMEkGCSqGSIb3DQEFDTA8MBsGCSqGSIb3DQEFDDAOBAjmlGCABQGnxgICCAAw
        HQYJYIZIAWUDBAEqBBBoDs5+msVlUkkAKkBwiZCiBEA57+x3o0BJbn6zbm38ct0q
        Mp098WHFYBS7fEh7FSi4Oot2tfylEomb+Lf4nRO30Vh/lJE1DzQiSslJxJCjTEfu
        -----END ENCRYPTED PRIVATE KEY-----
        """;

    internal const string Secp256k1WithParameters = """
        -----BEGIN EC PARAMETERS-----
        BgUrgQQACg==
        -----END EC PARAMETERS-----
        -----BEGIN EC PRIVATE KEY-----
        MHQCAQEEIHL5svrMYLbXkENeIsJRTfGXjbsEQUb6afcbq28ZTQgUoAcGBSuBBAAK
        oUQDQgAEp9n8Llv6W9AmC8ZdziEe0oIMkCduPGmflqB7rsUu/MlfEjZ81vFZyM9P
        zRNxSc3l+i+Uf8NVVs32mwkg8JuwTQ==
        -----END EC PRIVATE KEY-----
        """;

    internal const string Secp256k1Pkcs8 = """
        -----BEGIN PRIVATE KEY-----
        MIGEAgEAMBAGByqGSM49AgEGBSuBBAAKBG0wawIBAQQgcvmy+sxgtteQQ14iwlFN
        8ZeNuwRBRvpp9xurbxlNCBShRANCAASn2fwuW/pb0CYLxl3OIR7SggyQJ248aZ+W
        oHuuxS78yV8SNnzW8VnIz0/NE3FJzeX6L5R/w1VWzfabCSDwm7BN
        -----END PRIVATE KEY-----
        """;

    internal const string Secp256k1ScryptAes256 = """
        -----BEGIN ENCRYPTED PRIVATE KEY-----
        MIHkME8GCSqGSIb3DQEFDTBCMCEGCSsGAQQB2kcECzAUBAiCLAiLjGySfwICQAAC
        AQgCAQEwHQYJYIZIAWUDBAEqBBBiqWeUAaBHKhUpgp1CnHlaBIGQOU8ttWncNlqp
        lA9oU7fduqNsvO/bVfEK9aZyeOJCf6pFI5N+7ilRlX28C5SU3SBFr+DDuppkESz5
        7prPyRC15DniSynTp0uWYwkzxJKjyI0aavPc3e94urt5u2767msOr8PX1UmPh0py
        VTMvKmN/eqbhmnfdgaZUWxSg6c2//eUvrO9Kt+/XjI9GOn1MumFm
        -----END ENCRYPTED PRIVATE KEY-----
        """;

    internal const string Secp256k1OldEncryption = """
        -----BEGIN EC PRIVATE KEY-----
        Proc-Type: 4,ENCRYPTED
        DEK-Info: AES-256-CBC,48386E77F1A1758982E5D5542A729329

        fILvBG06xQjatAgsg4XI8q400kk8nwwPXevDwD7d+2z78q6Pif0esP/bgJnVUlzz
        tSuW/JBazLo6Cd0Kkp4pxRU2HxyhlcSyDubX9nVg3XSj9BlOmqFGXzVZSYucLCj9
        tG0st65IxVOIH0jWyp8Z+rTs8oH5aHq4ivnODpMafac=
        -----END EC PRIVATE KEY-----
        """;

    internal const string P256 = """
        -----BEGIN EC PRIVATE KEY-----
        MHcCAQEEID+mS+3rJnhyYbfDkxfN7Q04HCu0VOrJKeWBlDgzH80coAoGCCqGSM49
        AwEHoUQDQgAEpO4ehr30QReBzao6u17HkFYJuCkb5UEbcVSMcN956aiCTBdcyopY
        rYpmfr2j9XlSIt637y3c7w2t7khWQGTKzQ==
        -----END EC PRIVATE KEY-----
        """;

    internal const string P256Pbkdf2Aes128 = """
        -----BEGIN ENCRYPTED PRIVATE KEY-----
        MIHsMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAjiAZHZRwlRqgICE4gw
        DAYIKoZIhvcNAgsFADAdBglghkgBZQMEAQIEEEIRk/eOCAqQdGEUsqmOemAEgZDx
        ed0KZI+2s17al5V4rj5L17SBSM250L9KSZEaYT+VQJ7nqqQ/ZlkfmZYocOyiQuo1
        MVn3i/3JvtMJqyZ8/bN3r0HZMCJGg73K8cj6bNBAr9DUP+d17/HKyxDw+FCwQQkj
        BCemwBA8uJMgjYjDkIjp5ni88IkApCpoHEioERvyljPEb4wV/nbmt2U0CV9lUjE=
        -----END ENCRYPTED PRIVATE KEY-----
        """;
}
