using System.Numerics;
using Decent.Candid;

namespace Decent.Canister.Client;

/// <summary>One link of a delegation chain: a key that may sign for the key before it.</summary>
/// <param name="PublicKeyDer">The key that is given the right, in DER.</param>
/// <param name="ExpirationNs">Nanoseconds since 1970 after which it no longer holds.</param>
/// <param name="Targets">The only canisters it holds for; null for all.</param>
/// <param name="Permissions"><c>queries</c>, <c>all</c>, or null, which means all.</param>
/// <param name="Signature">Signature of the key before it over <see cref="SignedMessage" />.</param>
public sealed record SignedDelegation(
    ReadOnlyMemory<byte> PublicKeyDer,
    ulong ExpirationNs,
    IReadOnlyList<Principal>? Targets,
    string? Permissions,
    ReadOnlyMemory<byte> Signature)
{
    /// <summary>The permission that bars calls, also those of query methods.</summary>
    public const string QueriesOnly = "queries";

    /// <summary>The permission for everything; the same as none at all.</summary>
    public const string Everything = "all";

    /// <summary>What the link does not allow of a request; null when it allows it.</summary>
    /// <param name="kind">What is asked for.</param>
    /// <param name="canister">The called canister; null for a read of the state.</param>
    public string? FindRestriction(RequestKind kind, Principal? canister)
    {
        if (Permissions == QueriesOnly && kind == RequestKind.Call)
        {
            return "A delegation permits queries only.";
        }

        return Targets is { } targets && canister is not null && !targets.Contains(canister)
            ? "A delegation does not hold for this canister."
            : null;
    }

    /// <summary>The bytes that are signed: domain separator and hash of the delegation.</summary>
    public byte[] SignedMessage()
    {
        var map = new Dictionary<string, HashableValue>(StringComparer.Ordinal)
        {
            ["pubkey"] = new HashableValue.Blob(PublicKeyDer),
            ["expiration"] = new HashableValue.Nat(new BigInteger(ExpirationNs)),
        };
        if (Targets is not null)
        {
            map["targets"] = new HashableValue.Array(
                [.. Targets.Select(static t => new HashableValue.Blob(t.ToArray()))]);
        }

        if (Permissions is not null)
        {
            map["permissions"] = new HashableValue.Text(Permissions);
        }

        return [.. "\u001aic-request-auth-delegation"u8, .. RepresentationIndependentHash.Of(map)];
    }
}
