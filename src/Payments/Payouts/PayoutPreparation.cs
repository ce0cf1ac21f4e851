using Decent.Canister.Client;
using Decent.Ledger;
using Decent.Ledger.Books;
using Decent.Payments.Commands;
using Decent.Payments.Reconciliation;
using Decent.Payments.Transfers;
using Decent.Postgres;
using Decent.PriceOracle.Quotes;
using Microsoft.Extensions.Logging;

namespace Decent.Payments.Payouts;

/// <summary>
/// Turns approved payouts into transfers: quoted now, reserved on the provider's payable and on the wallet, planned,
/// all in one transaction. Without a usable price or with too little in the wallet the payout stays approved and says why.
/// </summary>
internal sealed class PayoutPreparation(
    ICommands commands,
    PayoutStore store,
    AssetRegistry assets,
    ITokenLedgers ledgers,
    ITransfers transfers,
    IQuotes quotes,
    IBooksReader books,
    IFindings findings,
    PayoutOptions options,
    Ids ids,
    TimeProvider time,
    ILogger<PayoutPreparation> logger) : IDueWork
{
    /// <summary>Finding of a wallet that cannot cover an approved payout.</summary>
    public const string WalletLow = "wallet_low";

    private const string Actor = "job/payouts";

    /// <inheritdoc />
    public string Name => "payouts";

    /// <inheritdoc />
    public async Task<int> RunDueAsync(CancellationToken cancellationToken)
    {
        if (!options.Enabled)
        {
            return 0;
        }

        var due = await store.DueAsync(time.GetUtcNow().ToMicroseconds(), cancellationToken);
        foreach (var id in due)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                await PrepareAsync(id, cancellationToken);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                logger.LogWarning(e, "Payout {Payout} could not be prepared; it is tried again.", id);
                await WaitAsync(
                    id, "Something went wrong while it was prepared; it is tried again.", null, cancellationToken);
            }
        }

        return due.Count;
    }

    /// <inheritdoc />
    public async Task<DateTimeOffset?> NextDueAsync(CancellationToken cancellationToken) =>
        options.Enabled ? await store.NextDueAsync(cancellationToken) : null;

    private async Task PrepareAsync(Guid id, CancellationToken cancellationToken)
    {
        var payout = await store.GetAsync(id, cancellationToken);
        if (payout is not { State: PayoutState.Approved })
        {
            return;
        }

        var currency = assets.Get(payout.Amount.Asset);
        var amount = Money.TryParse(payout.Amount.Amount, currency, out var parsed)
            ? parsed
            : throw new InvalidOperationException("A stored amount cannot be read.");
        var ledger = ledgers.Find(payout.Asset)
            ?? throw new InvalidOperationException($"The installation no longer has the asset {payout.Asset}.");
        var quote = await quotes.QuoteAsync(ledger.Asset, amount, cancellationToken);
        if (quote is QuoteResult.Refused refused)
        {
            await WaitAsync(id, $"No usable price ({refused.Code}): {refused.Words}", null, cancellationToken);
            return;
        }

        var quoted = (QuoteResult.Quoted)quote;
        try
        {
            await ReserveAsync(payout, amount, quoted, cancellationToken);
        }
        catch (BooksRefusedException e) when (e.Refusal == BooksRefusal.FloorBreached)
        {
            await ShortAsync(payout, amount, quoted.Units, ledger, cancellationToken);
        }
    }

    private Task ReserveAsync(
        PayoutView payout, Money amount, QuoteResult.Quoted quote, CancellationToken cancellationToken) =>
        commands.RunAsync(
            CommandContext.Job(Actor),
            async (session, ct) =>
            {
                var row = await PayoutStore.LockAsync(session, payout.Id, skipLocked: true, ct);
                if (row is not { State: "approved" })
                {
                    // Another host has it, or it was cancelled meanwhile.
                    return false;
                }

                var hold = ids.Next();
                session.Books.Add(new HoldPlacement
                {
                    Id = hold,
                    IdempotencyKey = $"payout/{row.Id}/payable-hold",
                    Reason = "payout_reserved",
                    Links = [new Link("payout", row.Id.ToString())],
                    Account = ChartOfAccounts.PayableTo(row.ProviderId),
                    Amount = amount,
                });
                var plan = new TransferPlan(
                    "payout", row.Id.ToString(), quote.Units.Asset, IcrcAccount.Parse(row.Account), quote.Units.Units);
                var transfer = await transfers.PlanAsync(session, plan, ct);
                var move = new PayoutMove(
                    row.Id,
                    "approved",
                    "executing",
                    FormattableString.Invariant($"Quoted at price round {quote.RoundId}; {quote.Units} reserved."))
                {
                    Transfer = transfer,
                    TokenUnits = quote.Units.Units,
                    PriceE18 = quote.PriceE18,
                    PriceRound = quote.RoundId,
                    PriceObservedAt = quote.ObservedAt.ToMicroseconds(),
                    PayableHold = hold,
                };
                await store.MoveAsync(session, move, ct);
                await findings.ResolveAsync(
                    session, WalletLow, $"payout:{row.Id}", "The payout could be reserved.", ct);
                return true;
            },
            cancellationToken);

    private async Task ShortAsync(
        PayoutView payout, Money amount, Money tokens, TokenLedger ledger, CancellationToken cancellationToken)
    {
        var payable = await books.BalanceAsync(
            ChartOfAccounts.PayableTo(payout.ProviderId), amount.Asset, cancellationToken);
        if (payable.Available < amount)
        {
            await WaitAsync(
                payout.Id,
                $"The books show only {payable.Available} payable to the provider.",
                new Finding(
                    "payable_short",
                    FindingSeverity.Critical,
                    $"payout:{payout.Id}",
                    $"{amount} are approved, the books show {payable.Available} payable to {payout.ProviderId}."),
                cancellationToken);
            return;
        }

        var wallet = await books.BalanceAsync(
            ChartOfAccounts.Wallet(ledger.Asset.Code), ledger.Asset, cancellationToken);
        var needed = tokens + new Money(ledger.Asset, ledger.FeeUnits);
        await WaitAsync(
            payout.Id,
            $"The wallet has {wallet.Available} free, {needed} are needed.",
            new Finding(
                WalletLow,
                FindingSeverity.Warning,
                $"payout:{payout.Id}",
                $"The wallet has {wallet.Available} free, {needed} are needed."),
            cancellationToken);
    }

    private Task WaitAsync(Guid id, string why, Finding? finding, CancellationToken cancellationToken) =>
        commands.RunAsync(
            CommandContext.Job(Actor),
            async (session, ct) =>
            {
                var row = await PayoutStore.LockAsync(session, id, skipLocked: true, ct);
                if (row is not { State: "approved" })
                {
                    return false;
                }

                var pause = TimeSpan.FromTicks(Math.Min(
                    options.FirstPause.Ticks << Math.Min(row.Tries, 10), options.LongestPause.Ticks));
                await PayoutStore.PostponeAsync(session, id, why, session.Now + pause, ct);
                if (finding is not null)
                {
                    await findings.RaiseAsync(session, finding, ct);
                }

                return true;
            },
            cancellationToken);
}
