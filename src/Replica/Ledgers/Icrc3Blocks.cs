using System.Numerics;
using Decent.Canister.Client;

namespace Decent.Replica.Ledgers;

/// <summary>Blocks and transactions as ICRC-3 values.</summary>
internal static class Icrc3Blocks
{
    public static HashableValue.Map Block(TokenBlock block)
    {
        var transaction = block.Transaction;
        var fields = new Dictionary<string, HashableValue>(StringComparer.Ordinal)
        {
            ["btype"] = new HashableValue.Text(BlockType(transaction)),
            ["ts"] = Nat(block.Timestamp),
            ["tx"] = Body(transaction, withOperation: false),
        };
        if (block.ParentHash is { } parent)
        {
            fields["phash"] = new HashableValue.Blob(parent);
        }

        // A fee the caller named is inside the transaction; only one the ledger filled in stands outside.
        if (transaction.Fee is null && transaction.Operation is TokenOperation.Transfer or TokenOperation.Approve)
        {
            fields["fee"] = Nat(block.FeeCharged);
        }

        return new HashableValue.Map(fields);
    }

    /// <summary>The transaction with its operation's name: the value whose hash identifies a repeat.</summary>
    public static HashableValue.Map Transaction(TokenTransaction transaction) => Body(transaction, withOperation: true);

    private static HashableValue.Map Body(TokenTransaction transaction, bool withOperation)
    {
        var fields = new Dictionary<string, HashableValue>(StringComparer.Ordinal)
        {
            ["amt"] = Nat(transaction.Amount),
        };
        if (withOperation)
        {
            fields["op"] = new HashableValue.Text(Operation(transaction.Operation));
        }

        if (transaction.Operation != TokenOperation.Mint)
        {
            AddAccount(fields, "from", transaction.From);
        }

        if (transaction.Operation is TokenOperation.Mint or TokenOperation.Transfer)
        {
            AddAccount(fields, "to", transaction.To);
        }

        AddAccount(fields, "spender", transaction.Spender);
        AddNat(fields, "fee", transaction.Fee);
        AddNat(fields, "ts", transaction.CreatedAtTime);
        AddNat(fields, "expected_allowance", transaction.ExpectedAllowance);
        AddNat(fields, "expires_at", transaction.ExpiresAt);
        if (transaction.Memo is { } memo)
        {
            fields["memo"] = new HashableValue.Blob(memo);
        }

        return new HashableValue.Map(fields);
    }

    private static string BlockType(TokenTransaction transaction) => transaction.Operation switch
    {
        TokenOperation.Mint => "1mint",
        TokenOperation.Burn => "1burn",
        TokenOperation.Transfer => transaction.Spender is null ? "1xfer" : "2xfer",
        _ => "2approve",
    };

    private static string Operation(TokenOperation operation) => operation switch
    {
        TokenOperation.Mint => "mint",
        TokenOperation.Burn => "burn",
        TokenOperation.Transfer => "xfer",
        _ => "approve",
    };

    private static void AddAccount(Dictionary<string, HashableValue> fields, string name, LedgerAccount? account)
    {
        if (account is null)
        {
            return;
        }

        HashableValue owner = new HashableValue.Blob(account.Owner.ToArray());
        fields[name] = new HashableValue.Array(
            account.Subaccount is { } subaccount ? [owner, new HashableValue.Blob(subaccount)] : [owner]);
    }

    private static void AddNat(Dictionary<string, HashableValue> fields, string name, UInt128? value)
    {
        if (value is { } present)
        {
            fields[name] = Nat(present);
        }
    }

    private static HashableValue.Nat Nat(UInt128 value) => new((BigInteger)value);
}
