using Decent.Canister.Client;
using Decent.Replica.Canisters;

namespace Decent.Replica.Ledgers;

/// <summary>
/// The order of the platform canister: memo (trap), time, funds for the amount, fee, duplicate, funds for amount and
/// fee. Because funds come first, "insufficient funds" on a retry proves nothing about the first attempt.
/// </summary>
internal sealed class PlatformTransferRules(TokenLedger ledger) : ITransferRules
{
    public TransferVerdict Transfer(TransferRequest request, ulong now)
    {
        if (request.Memo is { Length: > LedgerProfile.MaxMemoBytes })
        {
            throw new CanisterTrapException("memo too long");
        }

        if (ledger.IsMinting(request.From))
        {
            throw new CanisterTrapException("only the canister itself mints");
        }

        ledger.Memory.Forget(now);
        var created = request.CreatedAtTime ?? now;
        if (ledger.CheckTime(created, now) is { } untimely)
        {
            return untimely;
        }

        var balance = ledger.BalanceOf(request.From);
        if (request.Amount is not { } amount || amount > balance)
        {
            return new TransferVerdict.InsufficientFunds(balance);
        }

        var burn = ledger.IsMinting(request.To);
        if (CheckFee(request, burn, amount, balance) is { } refused)
        {
            return refused;
        }

        var fee = burn ? UInt128.Zero : ledger.Settings.Fee;
        var transaction = new TokenTransaction(
            burn ? TokenOperation.Burn : TokenOperation.Transfer,
            request.From,
            request.To,
            null,
            amount,
            fee,
            request.Memo ?? [],
            created);
        if (ledger.Memory.TryFind(TransactionKeys.Of(ledger.Settings, transaction, fee), out var block))
        {
            return new TransferVerdict.Duplicate(block);
        }

        return balance - amount < fee
            ? new TransferVerdict.InsufficientFunds(balance)
            : new TransferVerdict.Ok(ledger.Apply(transaction, fee, now));
    }

    private TransferVerdict? CheckFee(TransferRequest request, bool burn, UInt128 amount, UInt128 balance)
    {
        var expected = burn ? UInt128.Zero : ledger.Settings.Fee;
        if ((request.Fee ?? ledger.Settings.Fee) != expected)
        {
            return new TransferVerdict.BadFee(expected);
        }

        var minimum = UInt128.Min(ledger.Settings.Fee, balance - amount);
        return burn && amount < minimum ? new TransferVerdict.BadBurn(minimum) : null;
    }
}
