using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Decent.Payments.Providers;

/// <summary>
/// The signature scheme both rails use: a header <c>t=seconds,v1=hex[,v1=hex …]</c> with HMAC-SHA256 over
/// <c>t + "." + body</c>. Any secret may match any <c>v1</c>; comparisons take constant time; an empty secret never
/// matches, because anybody can compute it.
/// </summary>
internal static class TimestampedSignature
{
    /// <summary>How far the signed time may be from now, either way.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(300);

    private const int DigestBytes = 32;

    /// <summary>Checks a header against a body.</summary>
    /// <param name="header">The header's value, or null when it is missing.</param>
    /// <param name="body">The body exactly as received.</param>
    /// <param name="secrets">Current and previous secrets, used as UTF-8 bytes as they are.</param>
    /// <param name="now">Business time.</param>
    public static SignatureCheck Check(
        string? header, ReadOnlySpan<byte> body, IReadOnlyList<string> secrets, DateTimeOffset now)
    {
        if (secrets.All(string.IsNullOrEmpty))
        {
            return SignatureCheck.NoSecret;
        }

        if (string.IsNullOrWhiteSpace(header))
        {
            return SignatureCheck.MissingHeader;
        }

        var (stamp, signatures) = Split(header);
        if (!long.TryParse(stamp, NumberStyles.None, CultureInfo.InvariantCulture, out var signedAt))
        {
            return SignatureCheck.MalformedHeader;
        }

        if (signatures.Count == 0)
        {
            return SignatureCheck.NoSignature;
        }

        if (!AnyMatches(stamp!, body, secrets, signatures))
        {
            return SignatureCheck.BadSignature;
        }

        // 128 bits, since the header may say any 64-bit second.
        var age = (Int128)now.ToUnixTimeSeconds() - signedAt;
        var tolerance = (Int128)(long)Tolerance.TotalSeconds;
        return age > tolerance ? SignatureCheck.TooOld
            : age < -tolerance ? SignatureCheck.TooNew
            : SignatureCheck.Accepted;
    }

    /// <summary>Reads a header without regard to the case of its name.</summary>
    public static string? Header(IReadOnlyDictionary<string, string> headers, string name)
    {
        foreach (var (key, value) in headers)
        {
            if (key.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return value;
            }
        }

        return null;
    }

    private static (string? Stamp, List<byte[]> Signatures) Split(string header)
    {
        string? stamp = null;
        var signatures = new List<byte[]>();
        foreach (var item in header.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = item.IndexOf('=', StringComparison.Ordinal);
            var (name, value) = equals < 0 ? (item, "") : (item[..equals], item[(equals + 1)..]);
            switch (name)
            {
                // The first one counts for both the digest and the age, so that a second cannot freshen a stale one.
                case "t":
                    stamp ??= value;
                    break;
                case "v1":
                    signatures.Add(Digest(value));
                    break;
                default:
                    break;
            }
        }

        return (stamp, signatures);
    }

    private static byte[] Digest(string hex)
    {
        var digest = new byte[DigestBytes];
        var isDigest = hex.Length == DigestBytes * 2
            && !hex.AsSpan().ContainsAnyInRange('A', 'F')
            && Convert.FromHexString(hex, digest, out _, out var written) == System.Buffers.OperationStatus.Done
            && written == DigestBytes;
        return isDigest ? digest : [];
    }

    private static bool AnyMatches(
        string stamp, ReadOnlySpan<byte> body, IReadOnlyList<string> secrets, List<byte[]> signatures)
    {
        var prefix = Encoding.UTF8.GetBytes(stamp + ".");
        Span<byte> expected = stackalloc byte[DigestBytes];
        var matched = false;
        foreach (var secret in secrets)
        {
            if (string.IsNullOrEmpty(secret))
            {
                continue;
            }

            using var mac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(secret));
            mac.AppendData(prefix);
            mac.AppendData(body);
            mac.GetHashAndReset(expected);
            foreach (var signature in signatures)
            {
                matched |= CryptographicOperations.FixedTimeEquals(expected, signature);
            }
        }

        return matched;
    }
}
