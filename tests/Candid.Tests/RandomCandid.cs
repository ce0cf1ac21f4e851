using System.Numerics;
using CsCheck;

namespace Decent.Candid.Tests;

/// <summary>Random types, values of a type, and supertypes of a type.</summary>
internal static class RandomCandid
{
    private static readonly CandidType[] Primitives =
    [
        CandidType.Null, CandidType.Bool, CandidType.Nat, CandidType.Int, CandidType.Nat8, CandidType.Nat16,
        CandidType.Nat32, CandidType.Nat64, CandidType.Int8, CandidType.Int16, CandidType.Int32, CandidType.Int64,
        CandidType.Float32, CandidType.Float64, CandidType.Text, CandidType.Reserved, CandidType.Principal,
        CandidType.Blob,
    ];

    private static readonly Gen<CandidLabel> Label = Gen.OneOf(
        Gen.UInt[0, 5].Select(i => new CandidLabel(i)),
        Gen.UInt.Select(i => new CandidLabel(i)),
        Gen.OneOf("Ok", "Err", "owner", "subaccount", "amount", "memo", "", "with space", "☃", "record")
            .Select(n => new CandidLabel(n)));

    internal static Gen<Principal> AnyPrincipal { get; } =
        Gen.Byte.Array[0, Principal.MaxLength].Select(b => Principal.FromBytes(b));

    internal static Gen<BigInteger> AnyNat { get; } = Gen.OneOf(
        Gen.ULong.Select(v => (BigInteger)v),
        Gen.ULong[0, 300].Select(v => (BigInteger)v),
        Gen.Byte.Array[0, 40].Select(b => new BigInteger(b, isUnsigned: true)));

    internal static Gen<BigInteger> AnyInt { get; } = Gen.OneOf(
        Gen.Long.Select(v => (BigInteger)v),
        Gen.Long[-300, 300].Select(v => (BigInteger)v),
        Gen.Byte.Array[0, 40].Select(b => new BigInteger(b)));

    internal static Gen<CandidType> AnyType { get; } = TypeOf(3);

    /// <summary>A type with one of its values.</summary>
    internal static Gen<(CandidType Type, CandidValue Value)> Typed { get; } =
        AnyType.SelectMany(t => ValueOf(t, 0).Select(v => (t, v)));

    internal static Gen<CandidValue> ValueOf(CandidType type, int depth) => type.Head switch
    {
        CandidOptType opt => depth > 6
            ? Gen.Const((CandidValue)CandidValue.None)
            : Gen.Bool.SelectMany(some => some
                ? ValueOf(opt.Inner, depth + 1).Select(v => (CandidValue)CandidValue.Some(v))
                : Gen.Const((CandidValue)CandidValue.None)),
        CandidVecType { IsBlob: true } => Gen.Byte.Array[0, 40].Select(b => (CandidValue)new CandidValue.Blob(b)),
        CandidVecType vec => ValueOf(vec.Item, depth + 1).Array[0, depth > 6 ? 0 : 4]
            .Select(items => (CandidValue)new CandidValue.Vec(items)),
        CandidRecordType record => All(record.Fields.Select(f => ValueOf(f.Type, depth + 1)))
            .Select(values => (CandidValue)new CandidValue.Record(
                [.. record.Fields.Zip(values, (f, v) => (f.Label, v))])),
        CandidVariantType variant => Gen.Int[0, variant.Fields.Count - 1].SelectMany(i =>
            ValueOf(variant.Fields[i].Type, depth + 1)
                .Select(v => (CandidValue)new CandidValue.Variant(variant.Fields[i].Label, v))),
        CandidFuncType => Gen.Select(AnyPrincipal, Gen.String)
            .Select((p, m) => (CandidValue)new CandidValue.Func(p, Plain(m))),
        CandidServiceType => AnyPrincipal.Select(p => (CandidValue)new CandidValue.Service(p)),
        _ => PrimitiveOf(type.Kind),
    };

    /// <summary>
    /// A supertype: fields dropped or added as options, cases added, numbers widened, anything in options.
    /// </summary>
    internal static Gen<CandidType> Supertype(CandidType type) => Gen.Int[0, 9].SelectMany(
        dice => (dice, type.Head) switch
    {
        (0, _) => Gen.Const(CandidType.Reserved),
        (1, _) => Supertype(type).Select(CandidType.Opt),
        (_, { Kind: CandidKind.Nat }) => Gen.Const(CandidType.Int),
        (_, { Kind: CandidKind.Service }) => Gen.Const(CandidType.Principal),
        (_, CandidVecType vec) => Supertype(vec.Item).Select(CandidType.Vec),
        (_, CandidRecordType record) => All(record.Fields.Where((_, i) => (dice + i) % 4 != 0).Select(Wider))
            .Select(fields => CandidType.RecordOf(
                record.IndexOf(77) < 0 ? [.. fields, new CandidField(77u, CandidType.Opt(CandidType.Text))] : fields)),
        (_, CandidVariantType variant) => All(variant.Fields.Select(Wider))
            .Select(cases => CandidType.VariantOf(
                variant.IndexOf(77) < 0 ? [.. cases, new CandidField(77u, CandidType.Text)] : cases)),
        _ => Gen.Const(type),
    });

    private static Gen<CandidField> Wider(CandidField field) =>
        Supertype(field.Type).Select(t => new CandidField(field.Label, t));

    private static Gen<CandidType> TypeOf(int depth)
    {
        var primitive = Gen.OneOf(Primitives);
        if (depth == 0)
        {
            return primitive;
        }

        var inner = TypeOf(depth - 1);
        var fields = Gen.Select(Label, inner).Array[0, 5]
            .Select(fs => fs.DistinctBy(f => f.Item1.Id).Select(f => new CandidField(f.Item1, f.Item2)).ToArray());
        (int, IGen<CandidType>)[] choices =
        [
            (3, primitive),
            (2, inner.Select(CandidType.Opt)),
            (2, inner.Select(CandidType.Vec)),
            (3, fields.Select(CandidType.RecordOf)),
            (1, inner.Array[0, 4].Select(CandidType.Tuple)),
            (3, fields.Where(f => f.Length > 0).Select(CandidType.VariantOf)),
            (1, Gen.Select(inner.Array[0, 2], inner.Array[0, 2])
                .Select((a, r) => (CandidType)CandidType.Func(a, r, CandidFuncMode.Query))),
            (1, inner.Array[0, 2].Select(a => (CandidType)CandidType.Service(("m", CandidType.Func(a, []))))),
            (1, inner.Select(t => CandidType.Rec(
                self => CandidType.Opt(CandidType.Record(("head", t), ("tail", self)))))),
        ];
        return Gen.Frequency(choices);
    }

    private static Gen<CandidValue> PrimitiveOf(CandidKind kind) => kind switch
    {
        CandidKind.Null => Gen.Const((CandidValue)CandidValue.Null.Instance),
        CandidKind.Reserved => Gen.Const((CandidValue)CandidValue.Reserved.Instance),
        CandidKind.Bool => Gen.Bool.Select(v => (CandidValue)new CandidValue.Bool(v)),
        CandidKind.Nat => AnyNat.Select(v => (CandidValue)new CandidValue.Nat(v)),
        CandidKind.Int => AnyInt.Select(v => (CandidValue)new CandidValue.Int(v)),
        CandidKind.Nat8 => Gen.Byte.Select(v => (CandidValue)new CandidValue.Nat8(v)),
        CandidKind.Nat16 => Gen.UShort.Select(v => (CandidValue)new CandidValue.Nat16(v)),
        CandidKind.Nat32 => Gen.UInt.Select(v => (CandidValue)new CandidValue.Nat32(v)),
        CandidKind.Nat64 => Gen.ULong.Select(v => (CandidValue)new CandidValue.Nat64(v)),
        CandidKind.Int8 => Gen.SByte.Select(v => (CandidValue)new CandidValue.Int8(v)),
        CandidKind.Int16 => Gen.Short.Select(v => (CandidValue)new CandidValue.Int16(v)),
        CandidKind.Int32 => Gen.Int.Select(v => (CandidValue)new CandidValue.Int32(v)),
        CandidKind.Int64 => Gen.Long.Select(v => (CandidValue)new CandidValue.Int64(v)),
        CandidKind.Float32 => Gen.Float.Select(v => (CandidValue)new CandidValue.Float32(v)),
        CandidKind.Float64 => Gen.Double.Select(v => (CandidValue)new CandidValue.Float64(v)),
        CandidKind.Text => Gen.String.Select(v => (CandidValue)new CandidValue.Text(Plain(v))),
        CandidKind.Principal => AnyPrincipal.Select(v => (CandidValue)new CandidValue.Principal(v)),
        _ => throw new InvalidOperationException($"no values of {kind}"),
    };

    private static Gen<T[]> All<T>(IEnumerable<Gen<T>> parts) => parts.Aggregate(
        Gen.Const(Array.Empty<T>()),
        (all, one) => Gen.Select(all, one).Select((some, last) => (T[])[.. some, last]));

    /// <summary>Without unpaired surrogates, which no text can have.</summary>
    private static string Plain(string text) => new([.. text.Where(c => !char.IsSurrogate(c))]);
}
