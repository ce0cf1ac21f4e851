using Decent.Canister.Client;
using Decent.Replica.Canisters;

namespace Decent.Replica.Ledgers;

/// <summary>ICRC-2 approvals of the DFINITY ledgers: an approval replaces the earlier one and costs the fee.</summary>
internal static class ApprovalRules
{
    public static TransferVerdict Approve(TokenLedger ledger, ApproveRequest request, ulong now)
    {
        if (request.Memo is { Length: > LedgerProfile.MaxMemoBytes })
        {
            throw new CanisterTrapException("the memo field is too large");
        }

        if (string.Equals(request.From.Owner.ToText(), request.Spender.Owner.ToText(), StringComparison.Ordinal))
        {
            throw new CanisterTrapException("self approval is not allowed");
        }

        if (ledger.IsMinting(request.From))
        {
            throw new CanisterTrapException("the minting account cannot delegate mints");
        }

        var fee = ledger.Settings.Fee;
        if (request.Fee is { } given && given != fee)
        {
            return new TransferVerdict.BadFee(fee);
        }

        var transaction = new TokenTransaction(
            TokenOperation.Approve,
            request.From,
            null,
            request.Spender,
            request.Amount,
            request.Fee,
            request.Memo,
            request.CreatedAtTime,
            request.ExpectedAllowance,
            request.ExpiresAt);
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

        return CheckMeans(ledger, request, fee, now)
            ?? new TransferVerdict.Ok(ledger.Apply(transaction, fee, now));
    }

    private static TransferVerdict? CheckMeans(TokenLedger ledger, ApproveRequest request, UInt128 fee, ulong now)
    {
        if (request.ExpiresAt is { } end && end <= now)
        {
            return new TransferVerdict.Expired(now);
        }

        var balance = ledger.BalanceOf(request.From);
        if (balance < fee)
        {
            return new TransferVerdict.InsufficientFunds(balance);
        }

        var current = ledger.Allowances.Get(request.From, request.Spender, now).Amount;
        return request.ExpectedAllowance is { } expected && expected != current
            ? new TransferVerdict.AllowanceChanged(current)
            : null;
    }
}
