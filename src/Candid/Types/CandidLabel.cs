using System.Text;

namespace Decent.Candid;

/// <summary>
/// Label of a record field or variant case. Only the 32-bit id counts for equality; the name is kept for people
/// and is null for numbered labels and for labels read from the wire.
/// </summary>
public readonly struct CandidLabel : IEquatable<CandidLabel>
{
    /// <summary>A numbered label.</summary>
    public CandidLabel(uint id)
    {
        Id = id;
        Name = null;
    }

    /// <summary>A named label; the id is the hash of the name.</summary>
    public CandidLabel(string name)
    {
        Id = Hash(name);
        Name = name;
    }

    /// <summary>The number that travels on the wire.</summary>
    public uint Id { get; }

    /// <summary>The name, where known.</summary>
    public string? Name { get; }

    /// <summary>A name is a label.</summary>
    public static implicit operator CandidLabel(string name) => new(name);

    /// <summary>A number is a label.</summary>
    public static implicit operator CandidLabel(uint id) => new(id);

    /// <summary>Same id.</summary>
    public static bool operator ==(CandidLabel left, CandidLabel right) => left.Id == right.Id;

    /// <summary>Different ids.</summary>
    public static bool operator !=(CandidLabel left, CandidLabel right) => left.Id != right.Id;

    /// <summary>Field hash of a name: sum of byte_i · 223^(k−i) modulo 2^32 over its UTF-8 bytes.</summary>
    public static uint Hash(string name)
    {
        unchecked
        {
            uint hash = 0;
            foreach (var b in Encoding.UTF8.GetBytes(name))
            {
                hash = (hash * 223) + b;
            }

            return hash;
        }
    }

    /// <inheritdoc />
    public bool Equals(CandidLabel other) => Id == other.Id;

    /// <inheritdoc />
    public override bool Equals(object? obj) => obj is CandidLabel other && Equals(other);

    /// <inheritdoc />
    public override int GetHashCode() => unchecked((int)Id);

    /// <inheritdoc />
    public override string ToString() => Name ?? Id.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
