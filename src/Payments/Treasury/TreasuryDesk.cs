using Dapper;
using Decent.Ledger;
using Decent.Ledger.Books;
using Decent.Payments.Commands;
using Decent.Payments.Reconciliation;
using Decent.Payments.Transfers;
using Decent.Postgres;

namespace Decent.Payments.Treasury;

/// <inheritdoc cref="ITreasury" />
internal sealed class TreasuryDesk(
    ICommands commands,
    WalletStore store,
    WalletComparison comparison,
    ITokenLedgers ledgers,
    IFindings findings,
    Ids ids,
    TimeProvider time) : ITreasury
{
    private const int LongestReason = 500;

    private const string LockSql = $"""
        select {DepositRow.Columns} from payments.wallet_blocks
        where asset = @asset and block_index = @block and direction = 'in'
        for update
        """;

    private const string AcceptSql = $"""
        update payments.wallet_blocks
        set deposit_state = 'accepted', decided_by = @actor, decided_at = @now, reason = @reason
        where asset = @asset and block_index = @block
        returning {DepositRow.Columns}
        """;

    /// <inheritdoc />
    public async Task<TreasuryOverview> OverviewAsync(CancellationToken cancellationToken)
    {
        var tokens = new List<TokenPosition>();
        foreach (var ledger in ledgers.All)
        {
            var reading = await comparison.ReadAsync(ledger, cancellationToken);
            var (next, watchedAt) = await store.CursorAsync(ledger.Asset.Code, cancellationToken);
            tokens.Add(new TokenPosition(
                ledger.Asset.Code,
                ledger.Wallet.ToString(),
                reading.OnChain is { } chain ? AmountView.Of(chain) : null,
                AmountView.Of(reading.Books.Balance),
                AmountView.Of(reading.Books.Held),
                AmountView.Of(reading.Books.Available),
                AmountView.Of(reading.InFlightOut - reading.InFlightIn),
                reading.Difference is { } difference ? AmountView.Of(difference) : null,
                next,
                watchedAt));
        }

        return new TreasuryOverview(time.GetUtcNow().ToMicroseconds(), tokens);
    }

    /// <inheritdoc />
    public Task<IReadOnlyList<DepositView>> DepositsAsync(DepositState? state, CancellationToken cancellationToken) =>
        store.DepositsAsync(state, cancellationToken);

    /// <inheritdoc />
    public Task<CommandResult<DepositView>> AcceptDepositAsync(
        CommandContext context, string asset, ulong block, string reason, CancellationToken cancellationToken) =>
        commands.RunAsync(
            context,
            async (session, ct) =>
            {
                var ledger = ledgers.Find(asset)
                    ?? throw new RefusedException("asset_unknown", $"'{asset}' is no token here.", RefusalKind.Invalid);
                if (string.IsNullOrWhiteSpace(reason) || reason.Length > LongestReason)
                {
                    throw new RefusedException(
                        "reason_missing",
                        $"A reason of 1 to {LongestReason} characters is needed.",
                        RefusalKind.Invalid);
                }

                return await AcceptAsync(session, ledger, block, reason.Trim(), ct);
            },
            cancellationToken);

    private async Task<DepositView> AcceptAsync(
        CommandSession session, TokenLedger ledger, ulong block, string reason, CancellationToken cancellationToken)
    {
        var asset = ledger.Asset.Code;
        var arguments = new { asset, block = (UInt128)block, actor = session.Context.Actor, now = session.Now, reason };
        var row = await session.Connection.QuerySingleOrDefaultAsync<DepositRow>(
            new CommandDefinition(LockSql, arguments, session.Transaction, cancellationToken: cancellationToken))
            ?? throw new RefusedException("not_found", "No deposit was seen in that block.", RefusalKind.NotFound);
        if (row.DepositState != "unrecognised")
        {
            throw new RefusedException("state_conflict", $"The deposit is {row.DepositState} already.");
        }

        var accepted = await session.Connection.QuerySingleAsync<DepositRow>(
            new CommandDefinition(AcceptSql, arguments, session.Transaction, cancellationToken: cancellationToken));
        var amount = new Money(ledger.Asset, row.Units);
        session.Books.Add(new Posting
        {
            Id = ids.Next(),
            IdempotencyKey = FormattableString.Invariant($"deposit/{asset}/{block}/accepted"),
            Reason = "deposit_accepted",
            EffectiveAt = session.Now,
            Legs =
            [
                Leg.Debit(ChartOfAccounts.SuspenseOf(DepositWatcher.Suspense), amount),
                Leg.Credit(ChartOfAccounts.PlatformCapital, amount),
            ],
            Links = [new Link("block", FormattableString.Invariant($"{asset}:{block}"))],
        });
        await findings.ResolveAsync(
            session,
            DepositWatcher.DepositUnrecognised,
            DepositWatcher.Subject(asset, block),
            $"Accepted as capital: {reason}",
            cancellationToken);
        return accepted.ToView();
    }
}
