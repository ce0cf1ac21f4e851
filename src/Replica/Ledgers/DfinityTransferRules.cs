using Decent.Canister.Client;
using Decent.Replica.Canisters;

namespace Decent.Replica.Ledgers;

/// <summary>
/// The order of the DFINITY ledgers: memo (trap), amount, fee, forgetting, time, duplicate, funds, block. The order
/// is what makes "insufficient funds" conclusive on a retry and "bad fee" or "too old" not.
/// </summary>
internal sealed class DfinityTransferRules(TokenLedger ledger) : ITransferRules
{
    public TransferVerdict Transfer(TransferRequest request, ulong now)
    {
        if (request.Memo is { Length: > LedgerProfile.MaxMemoBytes })
        {
            throw new CanisterTrapException("the memo field is too large");
        }

        if (request.Amount is not { } amount || amount > ledger.Settings.MaxAmount)
        {
            return new TransferVerdict.InsufficientFunds(ledger.BalanceOf(request.From));
        }

        var operation = Classify(request);
        if (CheckFee(operation, request, amount) is { } refused)
        {
            return refused;
        }

        // Fee 0 on a mint or burn says nothing and is not kept; any fee given on a transfer is.
        var fee = operation == TokenOperation.Transfer ? ledger.Settings.Fee : UInt128.Zero;
        var kept = operation == TokenOperation.Transfer ? request.Fee : null;
        var transaction = new TokenTransaction(
            operation, request.From, request.To, request.Spender, amount, kept, request.Memo, request.CreatedAtTime);

        ledger.Memory.Forget(now);
        if (ledger.CheckTime(request.CreatedAtTime, now) is { } untimely)
        {
            return untimely;
        }

        if (request.CreatedAtTime is not null
            && ledger.Memory.TryFind(TransactionKeys.Of(ledger.Settings, transaction, fee), out var block))
        {
            return new TransferVerdict.Duplicate(block);
        }

        return CheckMeans(transaction, fee, now) ?? new TransferVerdict.Ok(ledger.Apply(transaction, fee, now));
    }

    private TokenOperation Classify(TransferRequest request)
    {
        var mint = ledger.IsMinting(request.From);
        var burn = ledger.IsMinting(request.To);
        if (mint && burn)
        {
            throw new CanisterTrapException("the minting account cannot transfer to itself");
        }

        return mint ? TokenOperation.Mint : burn ? TokenOperation.Burn : TokenOperation.Transfer;
    }

    private TransferVerdict? CheckFee(TokenOperation operation, TransferRequest request, UInt128 amount)
    {
        var expected = operation == TokenOperation.Transfer ? ledger.Settings.Fee : UInt128.Zero;
        if (request.Fee is { } given && given != expected)
        {
            return new TransferVerdict.BadFee(expected);
        }

        if (operation != TokenOperation.Burn)
        {
            return null;
        }

        var minimum = UInt128.Min(ledger.Settings.Fee, ledger.BalanceOf(request.From));
        if (amount == UInt128.Zero)
        {
            return new TransferVerdict.BadBurn(ledger.Settings.Fee);
        }

        return amount < minimum ? new TransferVerdict.BadBurn(minimum) : null;
    }

    private TransferVerdict? CheckMeans(TokenTransaction transaction, UInt128 fee, ulong now)
    {
        if (transaction.Operation == TokenOperation.Mint)
        {
            return null;
        }

        // Saturating: an amount near the type's end must be refused, not wrapped.
        var needed = transaction.Amount > UInt128.MaxValue - fee ? UInt128.MaxValue : transaction.Amount + fee;
        if (transaction.Spender is { } spender
            && !string.Equals(spender.Key, transaction.From!.Key, StringComparison.Ordinal))
        {
            var allowance = ledger.Allowances.Get(transaction.From, spender, now).Amount;
            if (allowance < needed)
            {
                return new TransferVerdict.InsufficientAllowance(allowance);
            }
        }

        var balance = ledger.BalanceOf(transaction.From!);
        return balance < needed ? new TransferVerdict.InsufficientFunds(balance) : null;
    }
}
