using System.Numerics;

namespace Decent.Canister.Client;

/// <summary>A value with a representation-independent hash: of request contents and of ICRC-3 blocks.</summary>
public abstract record HashableValue
{
    private HashableValue()
    {
    }

    /// <summary>Bytes.</summary>
    public sealed record Blob(ReadOnlyMemory<byte> Bytes) : HashableValue;

    /// <summary>Text, hashed as UTF-8.</summary>
    public sealed record Text(string Value) : HashableValue;

    /// <summary>A natural number, hashed as its shortest unsigned LEB128.</summary>
    public sealed record Nat(BigInteger Value) : HashableValue;

    /// <summary>An integer, hashed as its shortest signed LEB128.</summary>
    public sealed record Int(BigInteger Value) : HashableValue;

    /// <summary>A sequence, hashed as the hash of its elements' hashes.</summary>
    public sealed record Array(IReadOnlyList<HashableValue> Items) : HashableValue;

    /// <summary>A map from text, whose hash does not depend on the order of its entries.</summary>
    public sealed record Map(IReadOnlyDictionary<string, HashableValue> Fields) : HashableValue;
}
