using System.Numerics;
using Decent.Candid;
using Decent.Replica.Ledgers;

namespace Decent.Replica.Canisters;

/// <summary>Blocks of the ICP ledger in Candid.</summary>
internal static class IcpBlockCandid
{
    public static CandidValue Tokens(UInt128 units) => new CandidValue.Record(
        ("e8s", new CandidValue.Nat64(units > ulong.MaxValue ? ulong.MaxValue : (ulong)units)));

    public static CandidValue Block(TokenBlock block)
    {
        var transaction = block.Transaction;
        return new CandidValue.Record(
            ("parent_hash", LedgerCandid.OptionalBlob(block.ParentHash)),
            ("transaction", new CandidValue.Record(
                ("memo", new CandidValue.Nat64(0)),
                ("icrc1_memo", LedgerCandid.OptionalBlob(transaction.Memo)),
                ("operation", CandidValue.Some(Operation(transaction, block.FeeCharged))),
                ("created_at_time", Time(transaction.CreatedAtTime ?? block.Timestamp)))),
            ("timestamp", Time(block.Timestamp)));
    }

    private static CandidValue Operation(TokenTransaction transaction, UInt128 fee) => transaction.Operation switch
    {
        TokenOperation.Mint => new CandidValue.Variant("Mint", new CandidValue.Record(
            ("to", Identifier(transaction.To!)), ("amount", Tokens(transaction.Amount)))),
        TokenOperation.Burn => new CandidValue.Variant("Burn", new CandidValue.Record(
            ("from", Identifier(transaction.From!)),
            ("spender", Spender(transaction)),
            ("amount", Tokens(transaction.Amount)))),
        TokenOperation.Transfer => new CandidValue.Variant("Transfer", new CandidValue.Record(
            ("from", Identifier(transaction.From!)),
            ("to", Identifier(transaction.To!)),
            ("amount", Tokens(transaction.Amount)),
            ("fee", Tokens(fee)),
            ("spender", Spender(transaction)))),
        _ => new CandidValue.Variant("Approve", new CandidValue.Record(
            ("from", Identifier(transaction.From!)),
            ("spender", Identifier(transaction.Spender!)),
            ("allowance_e8s", new CandidValue.Int((BigInteger)transaction.Amount)),
            ("allowance", Tokens(transaction.Amount)),
            ("fee", Tokens(fee)),
            ("expires_at", CandidValue.Optional(transaction.ExpiresAt is { } end ? Time(end) : null)),
            ("expected_allowance", CandidValue.Optional(
                transaction.ExpectedAllowance is { } expected ? Tokens(expected) : null)))),
    };

    private static CandidValue Spender(TokenTransaction transaction) =>
        LedgerCandid.OptionalBlob(transaction.Spender?.IdentifierBytes());

    private static CandidValue Identifier(LedgerAccount account) => new CandidValue.Blob(account.IdentifierBytes());

    private static CandidValue Time(ulong nanoseconds) =>
        new CandidValue.Record(("timestamp_nanos", new CandidValue.Nat64(nanoseconds)));
}
