using Decent.Candid;

namespace Decent.Canister.Client;

/// <summary>Candid types of the platform canister beyond ICRC-1, shared by clients and canisters.</summary>
public static class PlatformTypes
{
    /// <summary>Where reading of entries resumes.</summary>
    public static CandidType Cursor { get; } =
        CandidType.Record(("block_position", CandidType.Nat64), ("entry_index", CandidType.Nat32));

    /// <summary>The four arguments of <c>ledger_entries</c>: label, cursor, limit, include_next_block.</summary>
    public static IReadOnlyList<CandidType> LedgerEntriesArgs { get; } =
    [
        CandidType.Opt(CandidType.Text),
        CandidType.Opt(Cursor),
        CandidType.Opt(CandidType.Nat32),
        CandidType.Opt(CandidType.Bool),
    ];

    /// <summary>Answer of <c>ledger_entries</c>.</summary>
    public static CandidType LedgerEntriesResult { get; } = CandidType.Record(
        ("entries", CandidType.Vec(CandidType.Record(
            ("label", CandidType.Text), ("key", CandidType.Blob), ("value", CandidType.Blob)))),
        ("has_more", CandidType.Bool),
        ("next_cursor", CandidType.Opt(Cursor)));

    /// <summary>Argument of <c>get_transactions</c>.</summary>
    public static CandidType TransactionsArg { get; } =
        CandidType.Record(("start", CandidType.Nat), ("length", CandidType.Nat));

    /// <summary>Answer of <c>get_transactions</c>.</summary>
    public static CandidType TransactionsResult { get; } = CandidType.Record(
        ("log_length", CandidType.Nat),
        ("first_index", CandidType.Nat),
        ("transactions", CandidType.Vec(Transaction())),
        ("archived_transactions", CandidType.Vec(CandidType.Record(
            ("start", CandidType.Nat),
            ("length", CandidType.Nat),
            ("callback", CandidType.Func(
                [TransactionsArg],
                [CandidType.Record(("transactions", CandidType.Vec(Transaction())))],
                CandidFuncMode.Query))))));

    private static CandidType Transaction()
    {
        var optAccount = CandidType.Opt(IcrcTypes.Account);
        var optNat = CandidType.Opt(CandidType.Nat);
        var optNat64 = CandidType.Opt(CandidType.Nat64);
        var optBlob = CandidType.Opt(CandidType.Blob);
        return CandidType.Record(
            ("kind", CandidType.Text),
            ("timestamp", CandidType.Nat64),
            ("mint", CandidType.Opt(CandidType.Record(
                ("to", IcrcTypes.Account), ("amount", CandidType.Nat), ("memo", optBlob),
                ("created_at_time", optNat64)))),
            ("burn", CandidType.Opt(CandidType.Record(
                ("from", IcrcTypes.Account), ("amount", CandidType.Nat), ("memo", optBlob),
                ("created_at_time", optNat64), ("spender", optAccount)))),
            ("transfer", CandidType.Opt(CandidType.Record(
                ("from", IcrcTypes.Account), ("to", IcrcTypes.Account), ("amount", CandidType.Nat),
                ("fee", optNat), ("memo", optBlob), ("created_at_time", optNat64), ("spender", optAccount)))),
            ("approve", CandidType.Opt(CandidType.Record(
                ("from", IcrcTypes.Account), ("spender", IcrcTypes.Account), ("amount", CandidType.Nat),
                ("fee", optNat), ("memo", optBlob), ("created_at_time", optNat64),
                ("expected_allowance", optNat), ("expires_at", optNat64)))));
    }
}
