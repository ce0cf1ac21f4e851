using Decent.Canister.Client;
using Decent.Ledger;
using Decent.Ledger.Books;

namespace Decent.Payments.Transfers;

/// <summary>
/// The wallet's side of a confirmed transfer, the same for every owner: credit of the amount, credit of the fee that
/// the block shows against the platform's expense, and the settlement of the hold. The owner adds its own debit of
/// the amount in the token.
/// </summary>
public static class WalletLegs
{
    /// <summary>Name of the expense account of ledger fees.</summary>
    public const string FeeExpense = "ledger-fees";

    /// <summary>The legs on the wallet and the fee's expense; they sum to minus the amount.</summary>
    public static IReadOnlyList<Leg> Of(TransferView transfer, LedgerBlock block)
    {
        ArgumentNullException.ThrowIfNull(transfer);
        var wallet = ChartOfAccounts.Wallet(transfer.Amount.Asset.Code);
        var fee = FeeOf(transfer, block);
        return fee.IsZero
            ? [Leg.Credit(wallet, transfer.Amount)]
            :
            [
                Leg.Credit(wallet, transfer.Amount),
                Leg.Debit(ChartOfAccounts.ExpenseOf(FeeExpense), fee),
                Leg.Credit(wallet, fee),
            ];
    }

    /// <summary>Consumes the hold on the wallet as a whole.</summary>
    public static HoldSettlement Settlement(TransferView transfer)
    {
        ArgumentNullException.ThrowIfNull(transfer);
        return new HoldSettlement(transfer.WalletHold, transfer.Amount + transfer.Fee, CloseRemainder: true);
    }

    /// <summary>Links every posting of a transfer carries.</summary>
    public static IReadOnlyList<Link> Links(TransferView transfer, LedgerBlock block)
    {
        ArgumentNullException.ThrowIfNull(transfer);
        ArgumentNullException.ThrowIfNull(block);
        return
        [
            new Link("transfer", transfer.Id.ToString()),
            new Link("block", FormattableString.Invariant($"{transfer.Amount.Asset.Code}:{block.Index}")),
        ];
    }

    private static Money FeeOf(TransferView transfer, LedgerBlock block)
    {
        ArgumentNullException.ThrowIfNull(block);
        return new Money(transfer.Amount.Asset, checked((Int128)block.Fee));
    }
}
