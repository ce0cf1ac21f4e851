using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace Decent.Candid;

/// <summary>
/// An identity on the Internet Computer: 0 to 29 bytes. The text form is base 32 of CRC-32 and bytes, in groups of
/// five. Compared by value; ordered by unsigned bytes, shorter prefix first.
/// </summary>
public sealed class Principal : IEquatable<Principal>, IComparable<Principal>
{
    /// <summary>Longest principal, in bytes.</summary>
    public const int MaxLength = 29;

    private const string Alphabet = "abcdefghijklmnopqrstuvwxyz234567";
    private const int ChecksumLength = 4;
    private const int GroupLength = 5;

    private readonly byte[] _bytes;
    private string? _text;

    private Principal(byte[] bytes) => _bytes = bytes;

    /// <summary>The management canister, <c>aaaaa-aa</c>: the empty byte string.</summary>
    public static Principal ManagementCanister { get; } = new([]);

    /// <summary>The anonymous caller, <c>2vxsx-fae</c>.</summary>
    public static Principal Anonymous { get; } = new([0x04]);

    /// <summary>The bytes.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>True for <see cref="Anonymous" />.</summary>
    public bool IsAnonymous => _bytes is [0x04];

    /// <summary>Equal by value.</summary>
    public static bool operator ==(Principal? left, Principal? right) =>
        left is null ? right is null : left.Equals(right);

    /// <summary>Differ by value.</summary>
    public static bool operator !=(Principal? left, Principal? right) => !(left == right);

    /// <summary>Before in byte order.</summary>
    public static bool operator <(Principal? left, Principal? right) => Compare(left, right) < 0;

    /// <summary>Before in byte order, or equal.</summary>
    public static bool operator <=(Principal? left, Principal? right) => Compare(left, right) <= 0;

    /// <summary>After in byte order.</summary>
    public static bool operator >(Principal? left, Principal? right) => Compare(left, right) > 0;

    /// <summary>After in byte order, or equal.</summary>
    public static bool operator >=(Principal? left, Principal? right) => Compare(left, right) >= 0;

    /// <summary>Takes a copy of the bytes.</summary>
    /// <exception cref="PrincipalFormatException">More than 29 bytes.</exception>
    public static Principal FromBytes(ReadOnlySpan<byte> bytes) => bytes.Length <= MaxLength
        ? new Principal(bytes.ToArray())
        : throw new PrincipalFormatException($"a principal has at most {MaxLength} bytes, not {bytes.Length}");

    /// <summary>The principal of a public key: SHA-224 of the DER form, then 0x02.</summary>
    public static Principal SelfAuthenticating(ReadOnlySpan<byte> derPublicKey)
    {
        var bytes = new byte[MaxLength];
        Sha224.Hash(derPublicKey, bytes);
        bytes[^1] = 0x02;
        return new Principal(bytes);
    }

    /// <summary>
    /// Reads the text form. Upper case is accepted; grouping, checksum and padding bits must be right.
    /// </summary>
    /// <exception cref="PrincipalFormatException">Not a principal; the message says why.</exception>
    public static Principal FromText(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Read(text, out var principal) is { } why
            ? throw new PrincipalFormatException($"'{text}' is not a principal: {why}")
            : principal!;
    }

    /// <summary>Reads the text form without throwing.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out Principal? principal)
    {
        principal = null;
        return text is not null && Read(text, out principal) is null;
    }

    /// <summary>A copy of the bytes.</summary>
    public byte[] ToArray() => (byte[])_bytes.Clone();

    /// <summary>The canonical text form, lower case.</summary>
    public string ToText() => _text ??= Write(_bytes);

    /// <inheritdoc />
    public override string ToString() => ToText();

    /// <inheritdoc />
    public bool Equals(Principal? other) => other is not null && Bytes.SequenceEqual(other.Bytes);

    /// <inheritdoc />
    public override bool Equals(object? obj) => Equals(obj as Principal);

    /// <inheritdoc />
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.AddBytes(_bytes);
        return hash.ToHashCode();
    }

    /// <inheritdoc />
    public int CompareTo(Principal? other) => other is null ? 1 : Bytes.SequenceCompareTo(other.Bytes);

    private static int Compare(Principal? left, Principal? right) =>
        left is null ? (right is null ? 0 : -1) : left.CompareTo(right);

    private static string Write(ReadOnlySpan<byte> bytes)
    {
        Span<byte> raw = stackalloc byte[ChecksumLength + MaxLength];
        BinaryPrimitives.WriteUInt32BigEndian(raw, Crc32.Compute(bytes));
        bytes.CopyTo(raw[ChecksumLength..]);
        raw = raw[..(ChecksumLength + bytes.Length)];

        Span<char> text = stackalloc char[64];
        int length = 0, symbols = 0, bits = 0;
        uint buffer = 0;
        foreach (var b in raw)
        {
            buffer = ((buffer << 8) | b) & 0xFFF;
            for (bits += 8; bits >= 5; bits -= 5)
            {
                Put(text, (buffer >> (bits - 5)) & 31);
            }
        }

        if (bits > 0)
        {
            Put(text, (buffer << (5 - bits)) & 31);
        }

        return text[..length].ToString();

        void Put(Span<char> target, uint symbol)
        {
            if (symbols > 0 && symbols % GroupLength == 0)
            {
                target[length++] = '-';
            }

            target[length++] = Alphabet[(int)symbol];
            symbols++;
        }
    }

    /// <summary>Answers what is wrong, or null.</summary>
    private static string? Read(string text, out Principal? principal)
    {
        principal = null;
        if (text.Length > 63)
        {
            return "too long";
        }

        Span<byte> raw = stackalloc byte[ChecksumLength + MaxLength + 8];
        int length = 0, bits = 0;
        uint buffer = 0;
        foreach (var c in text)
        {
            if (c == '-')
            {
                continue;
            }

            var symbol = Symbol(c);
            if (symbol < 0)
            {
                return $"'{c}' is not a base 32 character";
            }

            buffer = ((buffer << 5) | (uint)symbol) & 0xFFF;
            bits += 5;
            if (bits >= 8)
            {
                bits -= 8;
                raw[length++] = (byte)((buffer >> bits) & 0xFF);
            }
        }

        if (length < ChecksumLength)
        {
            return "too short";
        }

        var bytes = raw[ChecksumLength..length];
        if (bytes.Length > MaxLength)
        {
            return $"more than {MaxLength} bytes";
        }

        if (BinaryPrimitives.ReadUInt32BigEndian(raw) != Crc32.Compute(bytes))
        {
            return "the checksum does not match";
        }

        var canonical = Write(bytes);
        if (!string.Equals(canonical, text, StringComparison.OrdinalIgnoreCase))
        {
            return $"not the canonical form, which is {canonical}";
        }

        principal = new Principal(bytes.ToArray()) { _text = canonical };
        return null;
    }

    private static int Symbol(char c) => c switch
    {
        >= 'a' and <= 'z' => c - 'a',
        >= 'A' and <= 'Z' => c - 'A',
        >= '2' and <= '7' => c - '2' + 26,
        _ => -1,
    };
}
