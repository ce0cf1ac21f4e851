using System.Numerics;
using IcPrincipal = Decent.Candid.Principal;

namespace Decent.Candid;

public abstract partial record CandidValue
{
    /// <summary>The unit value.</summary>
    public sealed record Null : CandidValue
    {
        private Null()
        {
        }

        /// <summary>The only one.</summary>
        public static Null Instance { get; } = new();
    }

    /// <summary>The value of type reserved: whatever was there, it is gone.</summary>
    public sealed record Reserved : CandidValue
    {
        private Reserved()
        {
        }

        /// <summary>The only one.</summary>
        public static Reserved Instance { get; } = new();
    }

    /// <summary>Truth value.</summary>
    public sealed record Bool(bool Value) : CandidValue
    {
        internal static Bool True { get; } = new(true);

        internal static Bool False { get; } = new(false);
    }

    /// <summary>Unbounded natural number.</summary>
    public sealed record Nat : CandidValue
    {
        /// <summary>Wraps a number.</summary>
        /// <exception cref="ArgumentOutOfRangeException">Negative.</exception>
        public Nat(BigInteger value)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            Value = value;
        }

        /// <summary>The number.</summary>
        public BigInteger Value { get; }
    }

    /// <summary>Unbounded integer.</summary>
    public sealed record Int(BigInteger Value) : CandidValue;

    /// <summary>8-bit natural number.</summary>
    public sealed record Nat8(byte Value) : CandidValue;

    /// <summary>16-bit natural number.</summary>
    public sealed record Nat16(ushort Value) : CandidValue;

    /// <summary>32-bit natural number.</summary>
    public sealed record Nat32(uint Value) : CandidValue;

    /// <summary>64-bit natural number.</summary>
    public sealed record Nat64(ulong Value) : CandidValue;

    /// <summary>8-bit integer.</summary>
    public sealed record Int8(sbyte Value) : CandidValue;

    /// <summary>16-bit integer.</summary>
    public sealed record Int16(short Value) : CandidValue;

    /// <summary>32-bit integer.</summary>
    public sealed record Int32(int Value) : CandidValue;

    /// <summary>64-bit integer.</summary>
    public sealed record Int64(long Value) : CandidValue;

    /// <summary>IEEE 754 single.</summary>
    public sealed record Float32(float Value) : CandidValue;

    /// <summary>IEEE 754 double.</summary>
    public sealed record Float64(double Value) : CandidValue;

    /// <summary>Unicode text.</summary>
    public sealed record Text(string Value) : CandidValue;

    /// <summary>Identity.</summary>
    public sealed record Principal(IcPrincipal Value) : CandidValue;

    /// <summary>Reference to a service.</summary>
    public sealed record Service(IcPrincipal Id) : CandidValue;

    /// <summary>Reference to a method.</summary>
    public sealed record Func(IcPrincipal ServiceId, string Method) : CandidValue;

    /// <summary>Bytes: <c>vec nat8</c>. The array is not copied and must not change.</summary>
    public sealed record Blob(byte[] Bytes) : CandidValue
    {
        /// <inheritdoc />
        public bool Equals(Blob? other) => other is not null && Bytes.AsSpan().SequenceEqual(other.Bytes);

        /// <inheritdoc />
        public override int GetHashCode()
        {
            var hash = default(HashCode);
            hash.AddBytes(Bytes);
            return hash.ToHashCode();
        }
    }

    /// <summary>Option; absent when <see cref="Value" /> is null.</summary>
    public sealed record Opt(CandidValue? Value) : CandidValue
    {
        /// <summary>The absent option.</summary>
        public static new Opt None { get; } = new((CandidValue?)null);
    }

    /// <summary>Sequence.</summary>
    public sealed record Vec(IReadOnlyList<CandidValue> Items) : CandidValue
    {
        /// <inheritdoc />
        public bool Equals(Vec? other) => other is not null && Items.SequenceEqual(other.Items);

        /// <inheritdoc />
        public override int GetHashCode()
        {
            var hash = default(HashCode);
            hash.Add(Items.Count);
            foreach (var item in Items)
            {
                hash.Add(item);
            }

            return hash.ToHashCode();
        }
    }

    /// <summary>A case and its payload; <see cref="Null" /> for a case without payload.</summary>
    public sealed record Variant(CandidLabel Label, CandidValue Value) : CandidValue
    {
        /// <summary>A case without payload.</summary>
        public Variant(CandidLabel label)
            : this(label, Null.Instance)
        {
        }

        /// <summary>True when the case has this name.</summary>
        public bool Is(string name) => Label.Id == CandidLabel.Hash(name);
    }
}
