using System.Globalization;
using System.Text.Json;
using Decent.Candid;

namespace Decent.Canister.Client;

/// <summary>
/// The right to sign for a sender, passed on from key to key: each link is signed by the key of the link before it, the
/// first by the sender's own key.
/// </summary>
public sealed class DelegationChain
{
    /// <summary>Most canisters one link may name.</summary>
    public const int MaximumTargets = 1000;

    /// <summary>A chain; says nothing yet about its signatures.</summary>
    /// <param name="publicKeyDer">The sender's key in DER.</param>
    /// <param name="links">From the sender's key on; may be empty.</param>
    /// <exception cref="RequestFormatException">Too long, a key occurs twice, or a link is not acceptable.</exception>
    public DelegationChain(ReadOnlyMemory<byte> publicKeyDer, IReadOnlyList<SignedDelegation> links)
    {
        ArgumentNullException.ThrowIfNull(links);
        PublicKeyDer = publicKeyDer;
        Links = [.. links];
        Sender = Principal.SelfAuthenticating(publicKeyDer.Span);
        if (FindShapeFault(publicKeyDer, Links) is { } fault)
        {
            throw new RequestFormatException(fault);
        }
    }

    /// <summary>The sender's key in DER.</summary>
    public ReadOnlyMemory<byte> PublicKeyDer { get; }

    /// <summary>The links, from the sender's key on.</summary>
    public IReadOnlyList<SignedDelegation> Links { get; }

    /// <summary>The principal the chain speaks for.</summary>
    public Principal Sender { get; }

    /// <summary>The key that signs requests in the end, in DER.</summary>
    public ReadOnlyMemory<byte> SessionKeyDer => Links.Count == 0 ? PublicKeyDer : Links[^1].PublicKeyDer;

    /// <summary>Nanoseconds since 1970 after which the chain no longer holds.</summary>
    public ulong ExpirationNs => Links.Count == 0 ? ulong.MaxValue : Links.Min(static l => l.ExpirationNs);

    /// <summary>A chain of one link from an identity to a key, or the identity's own chain and one more link.</summary>
    /// <param name="from">Passes on its right; it signs the new link.</param>
    /// <param name="toKeyDer">The key that is given the right, in DER.</param>
    /// <param name="expirationNs">Nanoseconds since 1970 after which the new link no longer holds.</param>
    /// <param name="targets">The only canisters it holds for; null for all.</param>
    /// <param name="permissions"><c>queries</c>, <c>all</c>, or null, which means all.</param>
    /// <exception cref="RequestFormatException">The chain would not be acceptable.</exception>
    public static DelegationChain Create(
        IIdentity from,
        ReadOnlyMemory<byte> toKeyDer,
        ulong expirationNs,
        IReadOnlyList<Principal>? targets = null,
        string? permissions = null)
    {
        ArgumentNullException.ThrowIfNull(from);
        var unsigned = new SignedDelegation(toKeyDer, expirationNs, targets, permissions, default);
        var link = unsigned with { Signature = from.Sign(unsigned.SignedMessage()) };
        return new DelegationChain(from.PublicKeyDer, [.. from.Delegations, link]);
    }

    /// <summary>Checks signatures and expiry of every link.</summary>
    /// <param name="nowNs">The checker's time in nanoseconds since 1970.</param>
    /// <param name="trust">
    /// Under what signatures of canisters (Internet Identity) must verify; null refuses them.
    /// </param>
    /// <returns>Null when all is well, otherwise what is wrong in one sentence.</returns>
    public string? FindFault(ulong nowNs, RootOfTrust? trust = null) =>
        FindFault(PublicKeyDer, Links, nowNs, trust);

    /// <summary>Reads the JSON form of the JavaScript agent: byte strings and times in hexadecimal.</summary>
    /// <exception cref="RequestFormatException">Not that form, or not an acceptable chain.</exception>
    public static DelegationChain FromJson(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        try
        {
            using var document = JsonDocument.Parse(json);
            return new DelegationChain(
                Hex(document.RootElement, "publicKey"),
                [.. document.RootElement.GetProperty("delegations").EnumerateArray().Select(ReadLink)]);
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException
                                      or KeyNotFoundException or OverflowException or ArgumentException
                                      && e is not RequestFormatException)
        {
            throw new RequestFormatException("Not the JSON form of a delegation chain: " + e.Message, e);
        }
    }

    /// <summary>Writes the JSON form of the JavaScript agent.</summary>
    public string ToJson()
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteStartArray("delegations");
            foreach (var link in Links)
            {
                WriteLink(json, link);
            }

            json.WriteEndArray();
            json.WriteString("publicKey", Convert.ToHexStringLower(PublicKeyDer.Span));
            json.WriteEndObject();
        }

        return System.Text.Encoding.UTF8.GetString(buffer.GetBuffer().AsSpan(0, (int)buffer.Length));
    }

    internal static string? FindFault(
        ReadOnlyMemory<byte> publicKeyDer, IReadOnlyList<SignedDelegation> links, ulong nowNs, RootOfTrust? trust)
    {
        if (FindShapeFault(publicKeyDer, links) is { } fault)
        {
            return fault;
        }

        var signer = publicKeyDer;
        foreach (var link in links)
        {
            if (!PublicKeys.Verify(signer.Span, link.SignedMessage(), link.Signature, trust))
            {
                return "The signature of a delegation is not valid.";
            }

            if (link.ExpirationNs < nowNs)
            {
                return "A delegation has expired.";
            }

            signer = link.PublicKeyDer;
        }

        return null;
    }

    private static string? FindShapeFault(ReadOnlyMemory<byte> publicKeyDer, IReadOnlyList<SignedDelegation> links)
    {
        if (links.Count > RequestEnvelope.MaximumDelegations)
        {
            return "The delegation chain is too long.";
        }

        var seen = new HashSet<string>(StringComparer.Ordinal) { Convert.ToHexString(publicKeyDer.Span) };
        foreach (var link in links)
        {
            if (!seen.Add(Convert.ToHexString(link.PublicKeyDer.Span)))
            {
                return "A key occurs twice in the delegation chain.";
            }

            if (link.Targets is { Count: > MaximumTargets })
            {
                return "A delegation names too many canisters.";
            }

            if (link.Permissions is not (null or SignedDelegation.QueriesOnly or SignedDelegation.Everything))
            {
                return "The permissions of a delegation are neither queries nor all.";
            }
        }

        return null;
    }

    private static byte[] Hex(JsonElement element, string name) =>
        Convert.FromHexString(element.GetProperty(name).GetString() ?? string.Empty);

    private static SignedDelegation ReadLink(JsonElement element)
    {
        var said = element.GetProperty("delegation");
        IReadOnlyList<Principal>? targets = null;
        if (said.TryGetProperty("targets", out var list) && list.ValueKind != JsonValueKind.Null)
        {
            targets =
            [
                .. list.EnumerateArray().Select(static t =>
                    Principal.FromBytes(Convert.FromHexString(t.GetString() ?? string.Empty))),
            ];
        }

        var permissions = said.TryGetProperty("permissions", out var text) ? text.GetString() : null;
        var expiration = ulong.Parse(
            said.GetProperty("expiration").GetString() ?? string.Empty,
            NumberStyles.AllowHexSpecifier,
            CultureInfo.InvariantCulture);
        return new SignedDelegation(Hex(said, "pubkey"), expiration, targets, permissions, Hex(element, "signature"));
    }

    private static void WriteLink(Utf8JsonWriter json, SignedDelegation link)
    {
        json.WriteStartObject();
        json.WriteStartObject("delegation");
        json.WriteString("expiration", link.ExpirationNs.ToString("x", CultureInfo.InvariantCulture));
        json.WriteString("pubkey", Convert.ToHexStringLower(link.PublicKeyDer.Span));
        if (link.Targets is { } targets)
        {
            json.WriteStartArray("targets");
            foreach (var target in targets)
            {
                json.WriteStringValue(Convert.ToHexStringLower(target.Bytes));
            }

            json.WriteEndArray();
        }

        if (link.Permissions is { } permissions)
        {
            json.WriteString("permissions", permissions);
        }

        json.WriteEndObject();
        json.WriteString("signature", Convert.ToHexStringLower(link.Signature.Span));
        json.WriteEndObject();
    }
}
