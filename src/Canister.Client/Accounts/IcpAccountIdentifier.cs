using System.Diagnostics.CodeAnalysis;
using Org.BouncyCastle.Crypto.Digests;

namespace Decent.Canister.Client;

/// <summary>
/// The 32-byte account identifier of the ICP ledger: a checksum and a hash, from which the owner cannot be read back.
/// </summary>
public readonly record struct IcpAccountIdentifier
{
    /// <summary>Length in bytes.</summary>
    public const int Length = 32;

    private const int ChecksumLength = 4;

    private readonly string? hex;

    private IcpAccountIdentifier(string hex) => this.hex = hex;

    /// <summary>The identifier of an account.</summary>
    public static IcpAccountIdentifier Of(IcrcAccount account)
    {
        ArgumentNullException.ThrowIfNull(account);
        byte[] input = [.. "\u000aaccount-id"u8, .. account.Owner.Bytes, .. account.EffectiveSubaccount()];
        var digest = new Sha224Digest();
        digest.BlockUpdate(input, 0, input.Length);
        var hash = new byte[digest.GetDigestSize()];
        digest.DoFinal(hash, 0);
        return new IcpAccountIdentifier(Convert.ToHexStringLower([.. Checksums.Crc32(hash), .. hash]));
    }

    /// <summary>An identifier from its 32 bytes.</summary>
    /// <exception cref="AccountFormatException">Wrong length or checksum.</exception>
    public static IcpAccountIdentifier FromBytes(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Length)
        {
            throw new AccountFormatException(AccountFault.Subaccount, "An account identifier has 32 bytes.");
        }

        return bytes[..ChecksumLength].SequenceEqual(Checksums.Crc32(bytes[ChecksumLength..].ToArray()))
            ? new IcpAccountIdentifier(Convert.ToHexStringLower(bytes))
            : throw new AccountFormatException(
                AccountFault.WrongChecksum, "The checksum of the account identifier is wrong.");
    }

    /// <summary>Reads 64 hexadecimal digits.</summary>
    /// <exception cref="AccountFormatException">Not hexadecimal, wrong length or checksum.</exception>
    public static IcpAccountIdentifier Parse(string text)
    {
        if (string.IsNullOrEmpty(text))
        {
            throw new AccountFormatException(AccountFault.Empty, "The account identifier is empty.");
        }

        return text.Length == 2 * Length && text.All(char.IsAsciiHexDigit)
            ? FromBytes(Convert.FromHexString(text))
            : throw new AccountFormatException(
                AccountFault.Subaccount, "An account identifier is 64 hexadecimal digits.");
    }

    /// <summary>Reads 64 hexadecimal digits without throwing.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out IcpAccountIdentifier? identifier)
    {
        try
        {
            identifier = Parse(text ?? string.Empty);
            return true;
        }
        catch (AccountFormatException)
        {
            identifier = null;
            return false;
        }
    }

    /// <summary>The 32 bytes.</summary>
    public byte[] ToArray() => hex is null ? new byte[Length] : Convert.FromHexString(hex);

    /// <summary>64 lower-case hexadecimal digits.</summary>
    public override string ToString() => hex ?? new string('0', 2 * Length);
}
