using Decent.Candid;
using Decent.Replica.Ledgers;

namespace Decent.Replica.Canisters;

/// <summary>Transactions of the platform canister as its older interface lists them, always without memos.</summary>
internal static class PlatformTransactions
{
    public static CandidValue Transaction(TokenBlock block)
    {
        var transaction = block.Transaction;
        var (kind, body) = transaction.Operation switch
        {
            TokenOperation.Mint => ("mint", new CandidValue.Record(
                ("to", LedgerCandid.Account(transaction.To!)),
                ("amount", LedgerCandid.Nat(transaction.Amount)),
                ("memo", CandidValue.None),
                ("created_at_time", Created(transaction)))),
            TokenOperation.Burn => ("burn", new CandidValue.Record(
                ("from", LedgerCandid.Account(transaction.From!)),
                ("amount", LedgerCandid.Nat(transaction.Amount)),
                ("memo", CandidValue.None),
                ("created_at_time", Created(transaction)),
                ("spender", CandidValue.None))),
            _ => ("transfer", new CandidValue.Record(
                ("from", LedgerCandid.Account(transaction.From!)),
                ("to", LedgerCandid.Account(transaction.To!)),
                ("amount", LedgerCandid.Nat(transaction.Amount)),
                ("fee", CandidValue.Some(LedgerCandid.Nat(block.FeeCharged))),
                ("memo", CandidValue.None),
                ("created_at_time", Created(transaction)),
                ("spender", CandidValue.None))),
        };
        return new CandidValue.Record(
            ("kind", new CandidValue.Text(kind)),
            ("timestamp", new CandidValue.Nat64(block.Timestamp)),
            ("mint", Only("mint", kind, body)),
            ("burn", Only("burn", kind, body)),
            ("transfer", Only("transfer", kind, body)),
            ("approve", CandidValue.None));
    }

    private static CandidValue Only(string wanted, string kind, CandidValue body) =>
        string.Equals(wanted, kind, StringComparison.Ordinal) ? CandidValue.Some(body) : CandidValue.None;

    private static CandidValue Created(TokenTransaction transaction) => CandidValue.Optional(
        transaction.CreatedAtTime is { } created ? new CandidValue.Nat64(created) : null);
}
