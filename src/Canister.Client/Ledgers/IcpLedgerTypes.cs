using Decent.Candid;

namespace Decent.Canister.Client;

/// <summary>Candid types of the ICP ledger beyond ICRC-1, shared by clients and canisters.</summary>
public static class IcpLedgerTypes
{
    private static readonly CandidType TimeStamp = CandidType.Record(("timestamp_nanos", CandidType.Nat64));

    /// <summary><c>record { e8s }</c>.</summary>
    public static CandidType Tokens { get; } = CandidType.Record(("e8s", CandidType.Nat64));

    /// <summary>One block.</summary>
    public static CandidType Block { get; } = CandidType.Record(
        ("parent_hash", CandidType.Opt(CandidType.Blob)),
        ("transaction", CandidType.Record(
            ("memo", CandidType.Nat64),
            ("icrc1_memo", CandidType.Opt(CandidType.Blob)),
            ("operation", CandidType.Opt(CandidType.Variant(
                ("Mint", CandidType.Record(("to", CandidType.Blob), ("amount", Tokens))),
                ("Burn", CandidType.Record(
                    ("from", CandidType.Blob), ("spender", CandidType.Opt(CandidType.Blob)), ("amount", Tokens))),
                ("Transfer", CandidType.Record(
                    ("from", CandidType.Blob),
                    ("to", CandidType.Blob),
                    ("amount", Tokens),
                    ("fee", Tokens),
                    ("spender", CandidType.Opt(CandidType.Blob)))),
                ("Approve", CandidType.Record(
                    ("from", CandidType.Blob),
                    ("spender", CandidType.Blob),
                    ("allowance_e8s", CandidType.Int),
                    ("allowance", Tokens),
                    ("fee", Tokens),
                    ("expires_at", CandidType.Opt(TimeStamp)),
                    ("expected_allowance", CandidType.Opt(Tokens))))))),
            ("created_at_time", TimeStamp))),
        ("timestamp", TimeStamp));

    /// <summary>Argument of <c>query_blocks</c> and of its archives.</summary>
    public static CandidType BlocksArg { get; } =
        CandidType.Record(("start", CandidType.Nat64), ("length", CandidType.Nat64));

    /// <summary>Answer of an archive.</summary>
    public static CandidType ArchiveResult { get; } = CandidType.Variant(
        ("Ok", CandidType.Record(("blocks", CandidType.Vec(Block)))),
        ("Err", CandidType.Variant(
            ("BadFirstBlockIndex", CandidType.Record(
                ("requested_index", CandidType.Nat64), ("first_valid_index", CandidType.Nat64))),
            ("Other", CandidType.Record(("error_code", CandidType.Nat64), ("error_message", CandidType.Text))))));

    /// <summary>Answer of <c>query_blocks</c>.</summary>
    public static CandidType BlocksResult { get; } = CandidType.Record(
        ("chain_length", CandidType.Nat64),
        ("certificate", CandidType.Opt(CandidType.Blob)),
        ("blocks", CandidType.Vec(Block)),
        ("first_block_index", CandidType.Nat64),
        ("archived_blocks", CandidType.Vec(CandidType.Record(
            ("start", CandidType.Nat64),
            ("length", CandidType.Nat64),
            ("callback", CandidType.Func([BlocksArg], [ArchiveResult], CandidFuncMode.Query))))));

    /// <summary>Answer of <c>tip_of_chain</c>.</summary>
    public static CandidType TipOfChain { get; } = CandidType.Record(
        ("certification", CandidType.Opt(CandidType.Blob)), ("tip_index", CandidType.Nat64));

    /// <summary>Answer of <c>archives</c>.</summary>
    public static CandidType Archives { get; } = CandidType.Record(
        ("archives", CandidType.Vec(CandidType.Record(("canister_id", CandidType.Principal)))));

    /// <summary>Argument of <c>account_balance</c>.</summary>
    public static CandidType AccountBalanceArg { get; } = CandidType.Record(("account", CandidType.Blob));

    /// <summary>Answer of <c>transfer_fee</c>.</summary>
    public static CandidType TransferFee { get; } = CandidType.Record(("transfer_fee", Tokens));
}
