using System.Numerics;
using IcPrincipal = Decent.Candid.Principal;

namespace Decent.Candid;

/// <summary>
/// A Candid value. Cases are nested records, equality is by content. <c>vec nat8</c> is always
/// <see cref="Blob" />, never a list. <see cref="ToString" /> gives the textual form.
/// </summary>
public abstract partial record CandidValue
{
    private CandidValue()
    {
    }

    /// <summary>The absent option.</summary>
    public static Opt None => Opt.None;

    /// <summary>The field of a record.</summary>
    /// <param name="field">Name of the field.</param>
    /// <exception cref="CandidShapeException">Not a record, or no such field.</exception>
    public CandidValue this[string field] => AsRecord().Find(CandidLabel.Hash(field))
        ?? throw new CandidShapeException($"record has no field {field}");

    /// <summary>The field of a record by number, or the element of a vector.</summary>
    /// <exception cref="CandidShapeException">Neither, or no such field or element.</exception>
    public CandidValue this[int index] => this switch
    {
        Record record when index >= 0 => record.Find((uint)index),
        Vec vec when index >= 0 && index < vec.Items.Count => vec.Items[index],
        _ => null,
    } ?? throw new CandidShapeException($"{KindName} has no element {index}");

    private string KindName => GetType().Name.ToLowerInvariant();

    /// <summary>A present option.</summary>
    public static Opt Some(CandidValue value) => new(value);

    /// <summary>An option that is present when the value is not null.</summary>
    public static Opt Optional(CandidValue? value) => value is null ? Opt.None : new Opt(value);

    /// <summary>A record with the fields 0, 1, 2 …</summary>
    public static Record Tuple(params CandidValue[] items) => Record.OfTuple(items);

    /// <summary>The truth value.</summary>
    /// <exception cref="CandidShapeException">Another kind.</exception>
    public bool AsBool() => this is Bool v ? v.Value : throw Expected("bool");

    /// <summary>Any natural number, of whatever width.</summary>
    /// <exception cref="CandidShapeException">Another kind.</exception>
    public BigInteger AsNat() => this switch
    {
        Nat v => v.Value,
        Nat8 v => v.Value,
        Nat16 v => v.Value,
        Nat32 v => v.Value,
        Nat64 v => v.Value,
        _ => throw Expected("nat"),
    };

    /// <summary>Any integer or natural number, of whatever width.</summary>
    /// <exception cref="CandidShapeException">Another kind.</exception>
    public BigInteger AsInt() => this switch
    {
        Int v => v.Value,
        Int8 v => v.Value,
        Int16 v => v.Value,
        Int32 v => v.Value,
        Int64 v => v.Value,
        _ => this is Nat or Nat8 or Nat16 or Nat32 or Nat64 ? AsNat() : throw Expected("int"),
    };

    /// <summary>A natural number that fits 64 bits.</summary>
    /// <exception cref="CandidShapeException">Another kind, or too large.</exception>
    public ulong AsNat64()
    {
        var value = AsNat();
        return value <= ulong.MaxValue
            ? (ulong)value
            : throw new CandidShapeException($"{value} does not fit 64 bits");
    }

    /// <summary>A natural number that fits 128 bits.</summary>
    /// <exception cref="CandidShapeException">Another kind, or too large.</exception>
    public UInt128 AsNat128()
    {
        var value = AsNat();
        return value.GetBitLength() <= 128
            ? (UInt128)value
            : throw new CandidShapeException("number does not fit 128 bits");
    }

    /// <summary>A floating point number.</summary>
    /// <exception cref="CandidShapeException">Another kind.</exception>
    public double AsFloat() => this switch
    {
        Float64 v => v.Value,
        Float32 v => v.Value,
        _ => throw Expected("float64"),
    };

    /// <summary>The text.</summary>
    /// <exception cref="CandidShapeException">Another kind.</exception>
    public string AsText() => this is Text v ? v.Value : throw Expected("text");

    /// <summary>The bytes; not a copy.</summary>
    /// <exception cref="CandidShapeException">Another kind.</exception>
    public byte[] AsBlob() => this is Blob v ? v.Bytes : throw Expected("blob");

    /// <summary>The principal, also of a service reference.</summary>
    /// <exception cref="CandidShapeException">Another kind.</exception>
    public IcPrincipal AsPrincipal() => this switch
    {
        Principal v => v.Value,
        Service v => v.Id,
        _ => throw Expected("principal"),
    };

    /// <summary>The value of an option, or null when absent.</summary>
    /// <exception cref="CandidShapeException">Another kind.</exception>
    public CandidValue? AsOpt() => this switch
    {
        Opt v => v.Value,
        Null => null,
        _ => throw Expected("opt"),
    };

    /// <summary>The elements of a vector.</summary>
    /// <exception cref="CandidShapeException">Another kind.</exception>
    public IReadOnlyList<CandidValue> AsVec() => this is Vec v ? v.Items : throw Expected("vec");

    /// <summary>This as a record.</summary>
    /// <exception cref="CandidShapeException">Another kind.</exception>
    public Record AsRecord() => this as Record ?? throw Expected("record");

    /// <summary>This as a variant.</summary>
    /// <exception cref="CandidShapeException">Another kind.</exception>
    public Variant AsVariant() => this as Variant ?? throw Expected("variant");

    /// <summary>This as a function reference.</summary>
    /// <exception cref="CandidShapeException">Another kind.</exception>
    public Func AsFunc() => this as Func ?? throw Expected("func");

    /// <summary>The textual form.</summary>
    public sealed override string ToString() => CandidValuePrinter.Print(this);

    private CandidShapeException Expected(string kind) => new($"expected {kind}, found {KindName}");
}
