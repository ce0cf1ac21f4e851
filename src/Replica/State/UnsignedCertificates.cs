namespace Decent.Replica.State;

/// <summary>
/// No signature at all. The replica has no BLS key yet: the root key in its status is a placeholder behind which no
/// secret exists, and the signature field of every certificate is 48 zero bytes, which no verifier accepts. Whoever
/// reads such a certificate must treat it as unproven.
/// </summary>
internal sealed class UnsignedCertificates : ICertificateSigner
{
    private const int SignatureLength = 48;
    private const int KeyLength = 96;

    /// <summary>The DER frame of a BLS12-381 key of the Internet Computer.</summary>
    private static readonly byte[] DerPrefix = Convert.FromHexString(
        "308182301d060d2b0601040182dc7c0503010201060c2b0601040182dc7c05030201036100");

    public ReadOnlyMemory<byte> RootKeyDer { get; } = (byte[])[.. DerPrefix, .. new byte[KeyLength]];

    public byte[] Sign(ReadOnlySpan<byte> message) => new byte[SignatureLength];
}
