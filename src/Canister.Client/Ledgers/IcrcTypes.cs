using Decent.Candid;

namespace Decent.Canister.Client;

/// <summary>Candid types of the ICRC-1, ICRC-2 and ICRC-3 interfaces, shared by clients and canisters.</summary>
public static class IcrcTypes
{
    private static readonly CandidType Nat = CandidType.Nat;
    private static readonly CandidType OptNat = CandidType.Opt(CandidType.Nat);
    private static readonly CandidType OptNat64 = CandidType.Opt(CandidType.Nat64);
    private static readonly CandidType OptBlob = CandidType.Opt(CandidType.Blob);

    /// <summary><c>record { owner; subaccount }</c>.</summary>
    public static CandidType Account { get; } =
        CandidType.Record(("owner", CandidType.Principal), ("subaccount", OptBlob));

    /// <summary>Argument of <c>icrc1_transfer</c>.</summary>
    public static CandidType TransferArg { get; } = CandidType.Record(
        ("from_subaccount", OptBlob),
        ("to", Account),
        ("amount", Nat),
        ("fee", OptNat),
        ("memo", OptBlob),
        ("created_at_time", OptNat64));

    /// <summary>Answer of <c>icrc1_transfer</c>.</summary>
    public static CandidType TransferResult { get; } = CandidType.Variant(
        ("Ok", Nat),
        ("Err", CandidType.Variant(
            ("BadFee", CandidType.Record(("expected_fee", Nat))),
            ("BadBurn", CandidType.Record(("min_burn_amount", Nat))),
            ("InsufficientFunds", CandidType.Record(("balance", Nat))),
            ("TooOld", CandidType.Null),
            ("CreatedInFuture", CandidType.Record(("ledger_time", CandidType.Nat64))),
            ("TemporarilyUnavailable", CandidType.Null),
            ("Duplicate", CandidType.Record(("duplicate_of", Nat))),
            ("GenericError", CandidType.Record(("error_code", Nat), ("message", CandidType.Text))))));

    /// <summary>Argument of <c>icrc2_approve</c>.</summary>
    public static CandidType ApproveArg { get; } = CandidType.Record(
        ("from_subaccount", OptBlob),
        ("spender", Account),
        ("amount", Nat),
        ("expected_allowance", OptNat),
        ("expires_at", OptNat64),
        ("fee", OptNat),
        ("memo", OptBlob),
        ("created_at_time", OptNat64));

    /// <summary>Answer of <c>icrc2_approve</c>.</summary>
    public static CandidType ApproveResult { get; } = CandidType.Variant(
        ("Ok", Nat),
        ("Err", CandidType.Variant(
            ("BadFee", CandidType.Record(("expected_fee", Nat))),
            ("InsufficientFunds", CandidType.Record(("balance", Nat))),
            ("AllowanceChanged", CandidType.Record(("current_allowance", Nat))),
            ("Expired", CandidType.Record(("ledger_time", CandidType.Nat64))),
            ("TooOld", CandidType.Null),
            ("CreatedInFuture", CandidType.Record(("ledger_time", CandidType.Nat64))),
            ("TemporarilyUnavailable", CandidType.Null),
            ("Duplicate", CandidType.Record(("duplicate_of", Nat))),
            ("GenericError", CandidType.Record(("error_code", Nat), ("message", CandidType.Text))))));

    /// <summary>Argument of <c>icrc2_transfer_from</c>.</summary>
    public static CandidType TransferFromArg { get; } = CandidType.Record(
        ("spender_subaccount", OptBlob),
        ("from", Account),
        ("to", Account),
        ("amount", Nat),
        ("fee", OptNat),
        ("memo", OptBlob),
        ("created_at_time", OptNat64));

    /// <summary>Answer of <c>icrc2_transfer_from</c>.</summary>
    public static CandidType TransferFromResult { get; } = CandidType.Variant(
        ("Ok", Nat),
        ("Err", CandidType.Variant(
            ("BadFee", CandidType.Record(("expected_fee", Nat))),
            ("BadBurn", CandidType.Record(("min_burn_amount", Nat))),
            ("InsufficientFunds", CandidType.Record(("balance", Nat))),
            ("InsufficientAllowance", CandidType.Record(("allowance", Nat))),
            ("TooOld", CandidType.Null),
            ("CreatedInFuture", CandidType.Record(("ledger_time", CandidType.Nat64))),
            ("TemporarilyUnavailable", CandidType.Null),
            ("Duplicate", CandidType.Record(("duplicate_of", Nat))),
            ("GenericError", CandidType.Record(("error_code", Nat), ("message", CandidType.Text))))));

    /// <summary>Argument of <c>icrc2_allowance</c>.</summary>
    public static CandidType AllowanceArg { get; } =
        CandidType.Record(("account", Account), ("spender", Account));

    /// <summary>Answer of <c>icrc2_allowance</c>.</summary>
    public static CandidType Allowance { get; } = CandidType.Record(("allowance", Nat), ("expires_at", OptNat64));

    /// <summary>Answer of <c>icrc1_metadata</c> and of the platform canister's <c>metadata</c>.</summary>
    public static CandidType Metadata { get; } = CandidType.Vec(CandidType.Tuple(
        CandidType.Text,
        CandidType.Variant(
            ("Nat", Nat), ("Int", CandidType.Int), ("Text", CandidType.Text), ("Blob", CandidType.Blob))));

    /// <summary>Answer of <c>icrc1_supported_standards</c>.</summary>
    public static CandidType Standards { get; } =
        CandidType.Vec(CandidType.Record(("name", CandidType.Text), ("url", CandidType.Text)));

    /// <summary>The ICRC-3 value.</summary>
    public static CandidType Icrc3Value { get; } = CandidType.Rec(self => CandidType.Variant(
        ("Blob", CandidType.Blob),
        ("Text", CandidType.Text),
        ("Nat", Nat),
        ("Int", CandidType.Int),
        ("Array", CandidType.Vec(self)),
        ("Map", CandidType.Vec(CandidType.Tuple(CandidType.Text, self)))));

    /// <summary>Argument of <c>icrc3_get_blocks</c> and of its archives.</summary>
    public static CandidType BlockRanges { get; } =
        CandidType.Vec(CandidType.Record(("start", Nat), ("length", Nat)));

    /// <summary>Answer of <c>icrc3_get_blocks</c> and of its archives.</summary>
    public static CandidType BlocksResult { get; } = CandidType.Rec(self => CandidType.Record(
        ("log_length", Nat),
        ("blocks", CandidType.Vec(CandidType.Record(("id", Nat), ("block", Icrc3Value)))),
        ("archived_blocks", CandidType.Vec(CandidType.Record(
            ("args", BlockRanges),
            ("callback", CandidType.Func([BlockRanges], [self], CandidFuncMode.Query)))))));

    /// <summary>Argument of <c>icrc3_get_archives</c>.</summary>
    public static CandidType ArchivesArg { get; } =
        CandidType.Record(("from", CandidType.Opt(CandidType.Principal)));

    /// <summary>Answer of <c>icrc3_get_archives</c>.</summary>
    public static CandidType Archives { get; } = CandidType.Vec(CandidType.Record(
        ("canister_id", CandidType.Principal), ("start", Nat), ("end", Nat)));

    /// <summary>Answer of <c>icrc3_get_tip_certificate</c>.</summary>
    public static CandidType TipCertificate { get; } = CandidType.Opt(
        CandidType.Record(("certificate", CandidType.Blob), ("hash_tree", CandidType.Blob)));

    /// <summary>Answer of <c>icrc3_supported_block_types</c>.</summary>
    public static CandidType BlockTypes { get; } =
        CandidType.Vec(CandidType.Record(("block_type", CandidType.Text), ("url", CandidType.Text)));
}
