using System.Numerics;
using Decent.Candid;
using Decent.Replica.Ledgers;

namespace Decent.Replica.Canisters;

/// <summary>Candid of the ledger canisters, from the ledger's side.</summary>
internal static class LedgerCandid
{
    public static CandidValue Nat(UInt128 value) => new CandidValue.Nat((BigInteger)value);

    public static CandidValue Account(LedgerAccount account) => new CandidValue.Record(
        ("owner", new CandidValue.Principal(account.Owner)), ("subaccount", OptionalBlob(account.Subaccount)));

    public static CandidValue OptionalBlob(byte[]? bytes) =>
        CandidValue.Optional(bytes is null ? null : new CandidValue.Blob(bytes));

    public static CandidValue Metadata(IEnumerable<(string Key, string Case, CandidValue Value)> fields) =>
        new CandidValue.Vec([.. fields.Select(static f =>
            CandidValue.Tuple(new CandidValue.Text(f.Key), new CandidValue.Variant(f.Case, f.Value)))]);

    public static CandidValue Standards(IEnumerable<string> names) => new CandidValue.Vec(
        [.. names.Select(static name => new CandidValue.Record(
            ("name", new CandidValue.Text(name)),
            ("url", new CandidValue.Text("https://github.com/dfinity/ICRC-1/tree/main/standards/" + name))))]);

    public static LedgerAccount ReadAccount(CandidValue value) =>
        Make(value["owner"].AsPrincipal(), Blob(value["subaccount"]));

    public static TransferRequest ReadTransfer(CandidValue arg, Principal caller) => new(
        Make(caller, Blob(arg["from_subaccount"])),
        ReadAccount(arg["to"]),
        Amount(arg["amount"]),
        OptionalAmount(arg["fee"]),
        Blob(arg["memo"]),
        Time(arg["created_at_time"]));

    public static TransferRequest ReadTransferFrom(CandidValue arg, Principal caller) => new(
        ReadAccount(arg["from"]),
        ReadAccount(arg["to"]),
        Amount(arg["amount"]),
        OptionalAmount(arg["fee"]),
        Blob(arg["memo"]),
        Time(arg["created_at_time"]),
        Make(caller, Blob(arg["spender_subaccount"])));

    public static ApproveRequest ReadApprove(CandidValue arg, Principal caller) => new(
        Make(caller, Blob(arg["from_subaccount"])),
        ReadAccount(arg["spender"]),
        Amount(arg["amount"]) ?? UInt128.MaxValue,
        OptionalAmount(arg["expected_allowance"]),
        Time(arg["expires_at"]),
        OptionalAmount(arg["fee"]),
        Blob(arg["memo"]),
        Time(arg["created_at_time"]));

    public static CandidValue Verdict(TransferVerdict verdict) => verdict switch
    {
        TransferVerdict.Ok ok => new CandidValue.Variant("Ok", new CandidValue.Nat(ok.Block)),
        TransferVerdict.Duplicate d => Error("Duplicate", ("duplicate_of", new CandidValue.Nat(d.Block))),
        TransferVerdict.BadFee b => Error("BadFee", ("expected_fee", Nat(b.Expected))),
        TransferVerdict.BadBurn b => Error("BadBurn", ("min_burn_amount", Nat(b.Minimum))),
        TransferVerdict.InsufficientFunds f => Error("InsufficientFunds", ("balance", Nat(f.Balance))),
        TransferVerdict.InsufficientAllowance a => Error("InsufficientAllowance", ("allowance", Nat(a.Allowance))),
        TransferVerdict.AllowanceChanged a => Error("AllowanceChanged", ("current_allowance", Nat(a.Current))),
        TransferVerdict.Expired e => Error("Expired", ("ledger_time", new CandidValue.Nat64(e.LedgerTime))),
        TransferVerdict.TooOld => Error(new CandidValue.Variant("TooOld")),
        TransferVerdict.CreatedInFuture c =>
            Error("CreatedInFuture", ("ledger_time", new CandidValue.Nat64(c.LedgerTime))),
        TransferVerdict.GenericError g => Error(
            "GenericError",
            ("error_code", new CandidValue.Nat(g.Code)),
            ("message", new CandidValue.Text(g.Message))),
        _ => throw new ArgumentOutOfRangeException(nameof(verdict), verdict, "No such verdict."),
    };

    private static CandidValue Error(string label, params (CandidLabel Label, CandidValue Value)[] fields) =>
        Error(new CandidValue.Variant(label, new CandidValue.Record(fields)));

    private static CandidValue Error(CandidValue.Variant error) => new CandidValue.Variant("Err", error);

    private static LedgerAccount Make(Principal owner, byte[]? subaccount) =>
        subaccount is null or { Length: LedgerAccount.SubaccountLength }
            ? new LedgerAccount(owner, subaccount)
            : throw new CanisterTrapException("a subaccount has 32 bytes");

    private static byte[]? Blob(CandidValue option) => option.AsOpt()?.AsBlob();

    private static ulong? Time(CandidValue option) => option.AsOpt()?.AsNat64();

    private static UInt128? Amount(CandidValue value)
    {
        var number = value.AsNat();
        return number.GetBitLength() <= 128 ? (UInt128)number : null;
    }

    /// <summary>A fee beyond any amount is certainly not the ledger's.</summary>
    private static UInt128? OptionalAmount(CandidValue option) =>
        option.AsOpt() is { } present ? Amount(present) ?? UInt128.MaxValue : null;
}
