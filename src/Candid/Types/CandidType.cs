namespace Decent.Candid;

/// <summary>
/// A Candid type. Types form a graph: a <see cref="CandidKnotType" /> stands for a named or recursive type, and
/// <see cref="Head" /> looks through it. Reference identity is not type equality: see <see cref="CandidTypes" />.
/// </summary>
public abstract class CandidType
{
    private protected CandidType()
    {
    }

    /// <summary>The unit type.</summary>
    public static CandidType Null { get; } = new CandidPrimitiveType(CandidKind.Null);

    /// <summary>Truth value.</summary>
    public static CandidType Bool { get; } = new CandidPrimitiveType(CandidKind.Bool);

    /// <summary>Unbounded natural number.</summary>
    public static CandidType Nat { get; } = new CandidPrimitiveType(CandidKind.Nat);

    /// <summary>Unbounded integer.</summary>
    public static CandidType Int { get; } = new CandidPrimitiveType(CandidKind.Int);

    /// <summary>8-bit natural number.</summary>
    public static CandidType Nat8 { get; } = new CandidPrimitiveType(CandidKind.Nat8);

    /// <summary>16-bit natural number.</summary>
    public static CandidType Nat16 { get; } = new CandidPrimitiveType(CandidKind.Nat16);

    /// <summary>32-bit natural number.</summary>
    public static CandidType Nat32 { get; } = new CandidPrimitiveType(CandidKind.Nat32);

    /// <summary>64-bit natural number.</summary>
    public static CandidType Nat64 { get; } = new CandidPrimitiveType(CandidKind.Nat64);

    /// <summary>8-bit integer.</summary>
    public static CandidType Int8 { get; } = new CandidPrimitiveType(CandidKind.Int8);

    /// <summary>16-bit integer.</summary>
    public static CandidType Int16 { get; } = new CandidPrimitiveType(CandidKind.Int16);

    /// <summary>32-bit integer.</summary>
    public static CandidType Int32 { get; } = new CandidPrimitiveType(CandidKind.Int32);

    /// <summary>64-bit integer.</summary>
    public static CandidType Int64 { get; } = new CandidPrimitiveType(CandidKind.Int64);

    /// <summary>IEEE 754 single.</summary>
    public static CandidType Float32 { get; } = new CandidPrimitiveType(CandidKind.Float32);

    /// <summary>IEEE 754 double.</summary>
    public static CandidType Float64 { get; } = new CandidPrimitiveType(CandidKind.Float64);

    /// <summary>Unicode text.</summary>
    public static CandidType Text { get; } = new CandidPrimitiveType(CandidKind.Text);

    /// <summary>Supertype of everything.</summary>
    public static CandidType Reserved { get; } = new CandidPrimitiveType(CandidKind.Reserved);

    /// <summary>Subtype of everything.</summary>
    public static CandidType Empty { get; } = new CandidPrimitiveType(CandidKind.Empty);

    /// <summary>Identity.</summary>
    public static CandidType Principal { get; } = new CandidPrimitiveType(CandidKind.Principal);

    /// <summary>Bytes: <c>vec nat8</c>.</summary>
    public static CandidType Blob { get; } = new CandidVecType(Nat8);

    /// <summary>The outermost constructor, through names.</summary>
    public abstract CandidKind Kind { get; }

    /// <summary>This type with all outer names resolved; never a <see cref="CandidKnotType" />.</summary>
    public virtual CandidType Head => this;

    /// <summary>True where a missing value reads as null: null, opt and reserved.</summary>
    public bool AllowsMissing => Kind is CandidKind.Null or CandidKind.Opt or CandidKind.Reserved;

    /// <summary>Optional value.</summary>
    public static CandidType Opt(CandidType inner) => new CandidOptType(inner);

    /// <summary>Sequence.</summary>
    public static CandidType Vec(CandidType item) =>
        ReferenceEquals(item, Nat8) ? Blob : new CandidVecType(item);

    /// <summary>Record with named fields; their order does not matter.</summary>
    /// <exception cref="ArgumentException">Two fields with one id.</exception>
    public static CandidType Record(params (string Name, CandidType Type)[] fields) =>
        new CandidRecordType(Named(fields));

    /// <summary>Record with any labels.</summary>
    /// <exception cref="ArgumentException">Two fields with one id.</exception>
    public static CandidType RecordOf(IEnumerable<CandidField> fields) => new CandidRecordType(fields);

    /// <summary>Record with the fields 0, 1, 2 …</summary>
    public static CandidType Tuple(params CandidType[] items) =>
        new CandidRecordType(items.Select((type, index) => new CandidField(new CandidLabel((uint)index), type)));

    /// <summary>Variant with named cases; <see cref="Null" /> for a case without payload.</summary>
    /// <exception cref="ArgumentException">Two cases with one id.</exception>
    public static CandidType Variant(params (string Name, CandidType Type)[] cases) =>
        new CandidVariantType(Named(cases));

    /// <summary>Variant with any labels.</summary>
    /// <exception cref="ArgumentException">Two cases with one id.</exception>
    public static CandidType VariantOf(IEnumerable<CandidField> cases) => new CandidVariantType(cases);

    /// <summary>Reference to a method.</summary>
    public static CandidFuncType Func(
        IReadOnlyList<CandidType> arguments,
        IReadOnlyList<CandidType> results,
        CandidFuncMode mode = CandidFuncMode.Update) =>
        new(arguments, results, mode);

    /// <summary>Reference to a service.</summary>
    /// <exception cref="ArgumentException">Two methods with one name.</exception>
    public static CandidServiceType Service(params (string Name, CandidType Type)[] methods) =>
        new(methods.Select(m => new CandidMethod(m.Name, m.Type)));

    /// <summary>A recursive type: the function receives the type itself.</summary>
    /// <exception cref="InvalidOperationException">The type never reaches a constructor.</exception>
    public static CandidType Rec(Func<CandidType, CandidType> body)
    {
        var knot = new CandidKnotType(null);
        knot.Tie(body(knot));
        return knot;
    }

    /// <summary>The textual form of the type; recursion prints as a name.</summary>
    public override string ToString() => CandidTypePrinter.Print(this);

    private static IEnumerable<CandidField> Named((string Name, CandidType Type)[] fields) =>
        fields.Select(f => new CandidField(new CandidLabel(f.Name), f.Type));
}
