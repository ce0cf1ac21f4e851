namespace Decent.Candid;

/// <summary>Codes of the binary format, and their kinds.</summary>
internal static class WireCode
{
    internal const int Principal = -24;
    internal const int Opt = -18;
    internal const int Vec = -19;
    internal const int Record = -20;
    internal const int Variant = -21;
    internal const int Func = -22;
    internal const int Service = -23;

    private static readonly CandidKind[] Primitives =
    [
        CandidKind.Null, CandidKind.Bool, CandidKind.Nat, CandidKind.Int, CandidKind.Nat8, CandidKind.Nat16,
        CandidKind.Nat32, CandidKind.Nat64, CandidKind.Int8, CandidKind.Int16, CandidKind.Int32, CandidKind.Int64,
        CandidKind.Float32, CandidKind.Float64, CandidKind.Text, CandidKind.Reserved, CandidKind.Empty,
    ];

    private static readonly CandidType[] PrimitiveTypes =
    [
        CandidType.Null, CandidType.Bool, CandidType.Nat, CandidType.Int, CandidType.Nat8, CandidType.Nat16,
        CandidType.Nat32, CandidType.Nat64, CandidType.Int8, CandidType.Int16, CandidType.Int32, CandidType.Int64,
        CandidType.Float32, CandidType.Float64, CandidType.Text, CandidType.Reserved, CandidType.Empty,
    ];

    /// <summary>True for the codes that stand for a type by themselves.</summary>
    internal static bool IsPrimitive(long code) => code is >= -17 and <= -1 or Principal;

    internal static CandidKind Kind(int code) => code == Principal ? CandidKind.Principal : Primitives[-1 - code];

    internal static CandidType Type(int code) => code == Principal ? CandidType.Principal : PrimitiveTypes[-1 - code];

    internal static int Of(CandidKind kind) => kind == CandidKind.Principal ? Principal : -1 - (int)kind;
}
