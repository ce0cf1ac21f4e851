namespace Decent.Canister.Client;

/// <summary>Reads a private key of whatever kind the file holds.</summary>
public static class IdentityPem
{
    /// <summary>
    /// Reads the first private key of a PEM file: <c>PRIVATE KEY</c> (PKCS#8, versions 1 and 2), <c>EC PRIVATE KEY</c>
    /// (SEC1, after <c>EC PARAMETERS</c> or not) or <c>ENCRYPTED PRIVATE KEY</c> (PBES2 with scrypt or PBKDF2 and AES),
    /// holding an Ed25519, secp256k1 or P-256 key.
    /// </summary>
    /// <param name="pem">The file's text.</param>
    /// <param name="password">For an encrypted key; not needed otherwise.</param>
    /// <returns>An identity; dispose it to erase the key.</returns>
    /// <exception cref="IdentityFormatException">Not one of these, or the password is wrong.</exception>
    public static IIdentity Read(string pem, ReadOnlySpan<char> password = default)
    {
        using var key = PrivateKeyPem.Read(pem, password);
        if (key.Curve is null)
        {
            return Ed25519Identity.FromSeed(key.Secret);
        }

        return key.Curve == EllipticCurve.P256
            ? P256Identity.FromSecret(key.Secret)
            : Secp256k1Identity.FromSecret(key.Secret);
    }
}
