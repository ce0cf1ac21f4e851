namespace Decent.Candid.Tests;

/// <summary>Ledger messages as they come from the network.</summary>
internal static class Icrc3Blocks
{
    private static readonly CandidType Value = CandidType.Rec(self => CandidType.Variant(
        ("Blob", CandidType.Blob),
        ("Text", CandidType.Text),
        ("Nat", CandidType.Nat),
        ("Int", CandidType.Int),
        ("Array", CandidType.Vec(self)),
        ("Map", CandidType.Vec(CandidType.Tuple(CandidType.Text, self)))));

    internal static CandidType ResponseType { get; } = CandidType.Record(
        ("log_length", CandidType.Nat),
        ("blocks", CandidType.Vec(CandidType.Record(("id", CandidType.Nat), ("block", Value)))),
        ("archived_blocks", CandidType.Vec(CandidType.Record(
            ("args", CandidType.Vec(CandidType.Record(("start", CandidType.Nat), ("length", CandidType.Nat)))),
            ("callback", CandidType.Func([], [], CandidFuncMode.Query))))));

    internal static CandidType TransferArg { get; } = CandidType.Record(
        ("from_subaccount", CandidType.Opt(CandidType.Blob)),
        ("to", CandidType.Record(("owner", CandidType.Principal), ("subaccount", CandidType.Opt(CandidType.Blob)))),
        ("amount", CandidType.Nat),
        ("fee", CandidType.Opt(CandidType.Nat)),
        ("memo", CandidType.Opt(CandidType.Blob)),
        ("created_at_time", CandidType.Opt(CandidType.Nat64)));

    internal static CandidValue Transfer { get; } = new CandidValue.Record(
        ("to", new CandidValue.Record(("owner", new CandidValue.Principal(Principal.Anonymous)))),
        ("amount", new CandidValue.Nat(123_456_789_000)),
        ("memo", CandidValue.Some(new CandidValue.Blob(new byte[32]))),
        ("created_at_time", CandidValue.Some(new CandidValue.Nat64(1_700_000_000_000_000_000))));

    internal static byte[] Message(int blocks)
    {
        var items = Enumerable.Range(0, blocks).Select(i => (CandidValue)new CandidValue.Record(
            ("id", new CandidValue.Nat(i)), ("block", Block(i)))).ToArray();
        return CandidArg.Of((ResponseType, new CandidValue.Record(
            ("log_length", new CandidValue.Nat(blocks)),
            ("blocks", new CandidValue.Vec(items)),
            ("archived_blocks", new CandidValue.Vec([]))))).Encode();
    }

    private static CandidValue.Variant Block(int i) => Map(
        ("btype", new CandidValue.Variant("Text", new CandidValue.Text("1xfer"))),
        ("phash", Blob(32, i)),
        ("ts", Nat(1_700_000_000_000_000_000UL + (ulong)i)),
        ("tx", Map(
            ("amt", Nat(1_000_000_000UL * (ulong)(i + 1))),
            ("from", new CandidValue.Variant("Array", new CandidValue.Vec([Blob(29, i)]))),
            ("memo", Blob(32, i + 1)),
            ("to", new CandidValue.Variant("Array", new CandidValue.Vec([Blob(29, i + 2), Blob(32, i + 3)]))),
            ("ts", Nat(1_700_000_000_000_000_000UL)))));

    private static CandidValue.Variant Map(params (string Key, CandidValue Value)[] entries) => new(
        "Map",
        new CandidValue.Vec([.. entries.Select(e => CandidValue.Tuple(new CandidValue.Text(e.Key), e.Value))]));

    private static CandidValue.Variant Nat(ulong value) => new("Nat", new CandidValue.Nat(value));

    private static CandidValue.Variant Blob(int length, int seed)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return new("Blob", new CandidValue.Blob(bytes));
    }
}
