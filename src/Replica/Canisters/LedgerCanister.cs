using System.Security.Cryptography;
using System.Text;
using Decent.Candid;
using Decent.Canister.Client;
using Decent.Replica.Ledgers;

namespace Decent.Replica.Canisters;

/// <summary>The ICRC-1 face of a token ledger; history interfaces are added by the three kinds.</summary>
internal abstract class LedgerCanister : NativeCanister
{
    protected LedgerCanister(Principal id, LedgerSettings settings)
        : base(id)
    {
        Ledger = new TokenLedger(settings);
        Query("icrc1_name", _ => (CandidType.Text, new CandidValue.Text(settings.Name)));
        Query("icrc1_symbol", _ => (CandidType.Text, new CandidValue.Text(settings.Symbol)));
        Query("icrc1_decimals", _ => (CandidType.Nat8, new CandidValue.Nat8(settings.Decimals)));
        Query("icrc1_fee", _ => (CandidType.Nat, LedgerCandid.Nat(settings.Fee)));
        Query("icrc1_total_supply", _ => (CandidType.Nat, LedgerCandid.Nat(TotalSupply)));
        Query("icrc1_minting_account", _ => (
            CandidType.Opt(IcrcTypes.Account), CandidValue.Some(LedgerCandid.Account(settings.MintingAccount))));
        Query("icrc1_metadata", _ => (IcrcTypes.Metadata, LedgerCandid.Metadata(MetadataFields())));
        Query("icrc1_supported_standards", _ => (IcrcTypes.Standards, LedgerCandid.Standards(Standards)));
        Query("icrc1_balance_of", IcrcTypes.Account, (arg, _) =>
            (CandidType.Nat, LedgerCandid.Nat(Ledger.BalanceOf(LedgerCandid.ReadAccount(arg)))));
        Update("icrc1_transfer", IcrcTypes.TransferArg, (arg, context) => (
            IcrcTypes.TransferResult,
            LedgerCandid.Verdict(Ledger.Transfer(LedgerCandid.ReadTransfer(arg, context.Caller), context.TimeNs))));
    }

    public TokenLedger Ledger { get; }

    protected abstract IReadOnlyList<string> Standards { get; }

    protected virtual UInt128 TotalSupply => Ledger.TotalSupply;

    /// <summary>The standard's names for the token's facts; the platform canister leaves the prefix out.</summary>
    protected virtual string MetadataPrefix => "icrc1:";

    public override byte[] Control(string method, ReadOnlySpan<byte> arg, ulong timeNs)
    {
        if (!string.Equals(method, "mint", StringComparison.Ordinal))
        {
            return base.Control(method, arg, timeNs);
        }

        var request = ControlJson.Read<MintRequest>(arg);
        var units = ControlJson.Units(request.Units);
        var account = ControlJson.Account(request.Account);
        if (units > Ledger.Settings.MaxAmount - Ledger.TotalSupply || Ledger.IsMinting(account))
        {
            throw new ControlException("The ledger cannot mint that.");
        }

        var memo = request.MemoHex is { Length: > 0 } hex ? ControlJson.Hex(hex) : null;
        return ControlJson.Write(new BlockResult(Ledger.Mint(account, units, memo, timeNs)));
    }

    public override void AddTo(IncrementalHash digest)
    {
        foreach (var block in Ledger.Blocks)
        {
            digest.AppendData(block.Hash);
        }

        digest.AppendData(Encoding.UTF8.GetBytes(Ledger.BalancesText()));
    }

    protected void AddIcrc2()
    {
        Update("icrc2_approve", IcrcTypes.ApproveArg, (arg, context) => (
            IcrcTypes.ApproveResult,
            LedgerCandid.Verdict(Ledger.Approve(LedgerCandid.ReadApprove(arg, context.Caller), context.TimeNs))));
        Update("icrc2_transfer_from", IcrcTypes.TransferFromArg, (arg, context) => (
            IcrcTypes.TransferFromResult,
            LedgerCandid.Verdict(Ledger.Transfer(LedgerCandid.ReadTransferFrom(arg, context.Caller), context.TimeNs))));
        Query("icrc2_allowance", IcrcTypes.AllowanceArg, (arg, context) =>
        {
            var (amount, expiresAt) = Ledger.Allowances.Get(
                LedgerCandid.ReadAccount(arg["account"]), LedgerCandid.ReadAccount(arg["spender"]), context.TimeNs);
            return (IcrcTypes.Allowance, new CandidValue.Record(
                ("allowance", LedgerCandid.Nat(amount)),
                ("expires_at", CandidValue.Optional(expiresAt is { } end ? new CandidValue.Nat64(end) : null))));
        });
    }

    protected virtual IEnumerable<(string Key, string Case, CandidValue Value)> MetadataFields()
    {
        var settings = Ledger.Settings;
        yield return (MetadataPrefix + "name", "Text", new CandidValue.Text(settings.Name));
        yield return (MetadataPrefix + "symbol", "Text", new CandidValue.Text(settings.Symbol));
        yield return (MetadataPrefix + "decimals", "Nat", new CandidValue.Nat(settings.Decimals));
        yield return (MetadataPrefix + "fee", "Nat", LedgerCandid.Nat(settings.Fee));
    }
}
