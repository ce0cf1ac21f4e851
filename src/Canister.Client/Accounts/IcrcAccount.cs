using System.Diagnostics.CodeAnalysis;
using Decent.Candid;

namespace Decent.Canister.Client;

/// <summary>
/// An account of an ICRC-1 ledger: an owner and optionally one of its subaccounts. The subaccount of 32 zero bytes is
/// the same as none and is kept as none.
/// </summary>
public sealed record IcrcAccount
{
    /// <summary>Length of a subaccount in bytes.</summary>
    public const int SubaccountLength = 32;

    /// <summary>An account.</summary>
    /// <param name="owner">The owner.</param>
    /// <param name="subaccount">32 bytes, or null for the default subaccount.</param>
    /// <exception cref="ArgumentException">The subaccount does not have 32 bytes.</exception>
    public IcrcAccount(Principal owner, ReadOnlyMemory<byte>? subaccount = null)
    {
        ArgumentNullException.ThrowIfNull(owner);
        if (subaccount is { Length: not SubaccountLength })
        {
            throw new ArgumentException($"A subaccount has {SubaccountLength} bytes.", nameof(subaccount));
        }

        Owner = owner;
        Subaccount = subaccount is { } bytes && bytes.Span.ContainsAnyExcept((byte)0)
            ? (ReadOnlyMemory<byte>?)bytes.ToArray()
            : null;
    }

    /// <summary>The owner.</summary>
    public Principal Owner { get; }

    /// <summary>32 bytes that are not all zero, or null for the default subaccount.</summary>
    public ReadOnlyMemory<byte>? Subaccount { get; }

    /// <summary>Reads the ICRC-1 text form.</summary>
    /// <exception cref="AccountFormatException">The text is not an account; says what is wrong.</exception>
    public static IcrcAccount Parse(string text)
    {
        if (string.IsNullOrEmpty(text))
        {
            throw new AccountFormatException(AccountFault.Empty, "The account is empty.");
        }

        var dot = text.IndexOf('.', StringComparison.Ordinal);
        if (dot < 0)
        {
            return new IcrcAccount(ParseOwner(text));
        }

        var subaccount = ParseSubaccount(text[(dot + 1)..]);
        var dash = text.LastIndexOf('-', dot);
        var checksum = text[(dash + 1)..dot];
        if (dash < 0 || checksum.Length != 7)
        {
            throw new AccountFormatException(
                AccountFault.MissingChecksum, "There is no 7-character checksum before the subaccount.");
        }

        var account = new IcrcAccount(ParseOwner(text[..dash]), subaccount);
        if (!string.Equals(checksum, account.Checksum(), StringComparison.OrdinalIgnoreCase))
        {
            throw new AccountFormatException(
                AccountFault.WrongChecksum, "The checksum does not belong to this owner and subaccount.");
        }

        return account;
    }

    /// <summary>Reads the ICRC-1 text form without throwing.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out IcrcAccount? account)
    {
        try
        {
            account = Parse(text ?? string.Empty);
            return true;
        }
        catch (AccountFormatException)
        {
            account = null;
            return false;
        }
    }

    /// <summary>
    /// The subaccount that stands for a principal inside another owner's account: length, bytes, zero padding.
    /// </summary>
    public static ReadOnlyMemory<byte> SubaccountOf(Principal principal)
    {
        ArgumentNullException.ThrowIfNull(principal);
        var bytes = new byte[SubaccountLength];
        bytes[0] = (byte)principal.Bytes.Length;
        principal.Bytes.CopyTo(bytes.AsSpan(1));
        return bytes;
    }

    /// <summary>The 32 bytes of the subaccount, zeros for the default one.</summary>
    public byte[] EffectiveSubaccount() => Subaccount?.ToArray() ?? new byte[SubaccountLength];

    /// <inheritdoc />
    public bool Equals(IcrcAccount? other) =>
        other is not null && Owner.Equals(other.Owner)
        && EffectiveSubaccount().AsSpan().SequenceEqual(other.EffectiveSubaccount());

    /// <inheritdoc />
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.Add(Owner);
        hash.AddBytes(EffectiveSubaccount());
        return hash.ToHashCode();
    }

    /// <summary>The ICRC-1 text form.</summary>
    public override string ToString() =>
        Subaccount is { } subaccount
            ? $"{Owner.ToText()}-{Checksum()}.{Convert.ToHexStringLower(subaccount.Span).TrimStart('0')}"
            : Owner.ToText();

    private static Principal ParseOwner(string text) =>
        Principal.TryParse(text, out var owner)
            ? owner!
            : throw new AccountFormatException(AccountFault.Owner, "The owner is not a principal.");

    private static byte[] ParseSubaccount(string hex)
    {
        if (hex.Length is 0 or > 2 * SubaccountLength || !hex.All(char.IsAsciiHexDigit))
        {
            throw new AccountFormatException(
                AccountFault.Subaccount, "The subaccount is 1 to 64 hexadecimal digits.");
        }

        if (hex[0] == '0' || hex.Any(char.IsAsciiLetterUpper))
        {
            throw new AccountFormatException(
                AccountFault.NotCanonical, "The subaccount is written in lower case without leading zeros.");
        }

        return Convert.FromHexString(hex.PadLeft(2 * SubaccountLength, '0'));
    }

    private string Checksum() => Checksums.Base32(Checksums.Crc32(Owner.ToArray(), EffectiveSubaccount()));
}
