using Dapper;
using Decent.Ledger;
using Decent.Payments.Commands;
using Decent.Payments.Transfers;
using Decent.Postgres;

namespace Decent.Payments.Payouts;

/// <inheritdoc cref="IPayouts" />
internal sealed class PayoutDesk(
    ICommands commands,
    PayoutStore store,
    AssetRegistry assets,
    ITokenLedgers ledgers,
    PayoutOptions options,
    Ids ids) : IPayouts
{
    private const int LongestNote = 500;

    private const string AccountSql = """
        select account, version from payments.payout_accounts
        where provider_id = @providerId and asset = @asset
        order by version desc
        limit 1
        """;

    private const string ReleasesSql =
        "select release_id, net_units::text as net_units from payments.claim_releases(@providerId, @currency, @now)";

    private const string InsertSql = """
        insert into payments.payouts
          (id, provider_id, currency, units, asset, account, account_version, state, since, created_by, created_at)
        values (@id, @providerId, @currency, @units, @asset, @account, @version, 'draft', @now, @actor, @now)
        """;

    private const string ItemsSql = """
        insert into payments.payout_items (payout_id, release_id) select @id, unnest(@releases)
        """;

    private const string ClaimsSql = """
        insert into payments.payout_claims (payout_id, release_id) select @id, unnest(@releases)
        on conflict (release_id) do nothing
        """;

    /// <inheritdoc />
    public Task<CommandResult<PayoutView>> CreateDraftAsync(
        CommandContext context,
        string providerId,
        string currency,
        string asset,
        CancellationToken cancellationToken) =>
        commands.RunAsync(
            context,
            async (session, ct) =>
            {
                CheckEnabled();
                if (assets.Find(currency) is not { Kind: AssetKind.Fiat } fiat)
                {
                    throw new RefusedException(
                        "asset_unknown", $"'{currency}' is no currency here.", RefusalKind.Invalid);
                }

                if (ledgers.Find(asset) is null)
                {
                    throw new RefusedException("asset_unknown", $"'{asset}' is no token here.", RefusalKind.Invalid);
                }

                return await DraftAsync(session, providerId, fiat, asset, ct);
            },
            cancellationToken);

    /// <inheritdoc />
    public Task<CommandResult<PayoutView>> ApproveAsync(
        CommandContext context, Guid id, string note, CancellationToken cancellationToken) =>
        commands.RunAsync(
            context,
            async (session, ct) =>
            {
                CheckEnabled();
                var words = Words("note_missing", "note", note);
                var row = await LockAsync(session, id, ct);
                if (string.Equals(row.CreatedBy, context.Actor, StringComparison.Ordinal))
                {
                    throw new RefusedException(
                        "self_approval", "Who drafted a payout cannot approve it.", RefusalKind.Forbidden);
                }

                if (row.State != "draft")
                {
                    throw new RefusedException("state_conflict", $"The payout is {row.Shown}, no longer a draft.");
                }

                await store.MoveAsync(session, new PayoutMove(id, "draft", "approved", words), ct);
                return await PayoutStore.ViewAsync(session, id, ct);
            },
            cancellationToken);

    /// <inheritdoc />
    public Task<CommandResult<PayoutView>> CancelAsync(
        CommandContext context, Guid id, string reason, CancellationToken cancellationToken) =>
        commands.RunAsync(
            context,
            async (session, ct) =>
            {
                var words = Words("reason_missing", "reason", reason);
                var row = await LockAsync(session, id, ct);
                if (row.State is not ("draft" or "approved"))
                {
                    throw new RefusedException("state_conflict", $"The payout is {row.Shown} and cannot be cancelled.");
                }

                await store.MoveAsync(session, new PayoutMove(id, row.State, "cancelled", words), ct);
                await ReleaseClaimsAsync(session, id, ct);
                return await PayoutStore.ViewAsync(session, id, ct);
            },
            cancellationToken);

    /// <inheritdoc />
    public Task<PayoutView?> GetAsync(Guid id, CancellationToken cancellationToken) =>
        store.GetAsync(id, cancellationToken);

    /// <inheritdoc />
    public async Task<Page<PayoutView>> ListAsync(
        PayoutState? state, PageRequest page, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(page);
        var limit = page.CheckedLimit();
        var rows = await store.ListAsync(state, page.CursorId(), limit + 1, cancellationToken);
        return rows.Count > limit
            ? new Page<PayoutView>([.. rows.Take(limit)], rows[limit - 1].Id.ToString("N"))
            : new Page<PayoutView>(rows, null);
    }

    /// <summary>Makes a payout's releases payable again; the database refuses it while the payout lives.</summary>
    internal static async Task ReleaseClaimsAsync(
        CommandSession session, Guid id, CancellationToken cancellationToken) =>
        await session.Connection.ExecuteAsync(new CommandDefinition(
            "delete from payments.payout_claims where payout_id = @id",
            new { id },
            session.Transaction,
            cancellationToken: cancellationToken));

    private async Task<PayoutView> DraftAsync(
        CommandSession session, string providerId, Asset currency, string asset, CancellationToken cancellationToken)
    {
        var account = await session.Connection.QuerySingleOrDefaultAsync<AccountRow>(new CommandDefinition(
            AccountSql, new { providerId, asset }, session.Transaction, cancellationToken: cancellationToken))
            ?? throw new RefusedException(
                "payout_account_missing", $"Provider '{providerId}' has no payout account for {asset}.");
        var releases = (await session.Connection.QueryAsync<ReleaseRow>(new CommandDefinition(
            ReleasesSql,
            new { providerId, currency = currency.Code, now = session.Now },
            session.Transaction,
            cancellationToken: cancellationToken))).AsList();
        if (releases.Count == 0)
        {
            throw new RefusedException(
                "nothing_payable", $"Provider '{providerId}' has nothing payable in {currency.Code} now.");
        }

        var sum = releases.Aggregate(Money.Zero(currency), (total, r) => total + new Money(currency, r.NetUnits));
        if (sum.Units < options.MinimumUnits)
        {
            throw new RefusedException(
                "below_minimum", $"{sum} is payable, the least payout is {new Money(currency, options.MinimumUnits)}.");
        }

        var id = ids.Next();
        var claims = releases.Select(static r => r.ReleaseId).ToArray();
        await InsertAsync(session, id, providerId, sum, asset, account, claims, cancellationToken);
        var words = FormattableString.Invariant($"Drafted from {releases.Count} releases.");
        await store.MoveAsync(session, new PayoutMove(id, "none", "draft", words), cancellationToken);
        return await PayoutStore.ViewAsync(session, id, cancellationToken);
    }

    private static async Task InsertAsync(
        CommandSession session,
        Guid id,
        string providerId,
        Money amount,
        string asset,
        AccountRow account,
        Guid[] releases,
        CancellationToken cancellationToken)
    {
        var row = new
        {
            id,
            providerId,
            currency = amount.Asset.Code,
            units = amount.Units,
            asset,
            account = account.Account,
            version = account.Version,
            actor = session.Context.Actor,
            now = session.Now,
        };
        await session.Connection.ExecuteAsync(
            new CommandDefinition(InsertSql, row, session.Transaction, cancellationToken: cancellationToken));
        await session.Connection.ExecuteAsync(new CommandDefinition(
            ItemsSql, new { id, releases }, session.Transaction, cancellationToken: cancellationToken));
        var claimed = await session.Connection.ExecuteAsync(new CommandDefinition(
            ClaimsSql, new { id, releases }, session.Transaction, cancellationToken: cancellationToken));
        if (claimed != releases.Length)
        {
            throw new RefusedException("releases_claimed", "Another payout took some of these releases just now.");
        }
    }

    private static async Task<PayoutRow> LockAsync(
        CommandSession session, Guid id, CancellationToken cancellationToken) =>
        await PayoutStore.LockAsync(session, id, skipLocked: false, cancellationToken)
        ?? throw new RefusedException("not_found", "There is no such payout.", RefusalKind.NotFound);

    private void CheckEnabled()
    {
        if (!options.Enabled)
        {
            throw new RefusedException("payouts_disabled", "Payouts are switched off here.", RefusalKind.Unavailable);
        }
    }

    private static string Words(string code, string name, string? text) =>
        string.IsNullOrWhiteSpace(text) || text.Length > LongestNote
            ? throw new RefusedException(
                code, $"A {name} of 1 to {LongestNote} characters is needed.", RefusalKind.Invalid)
            : text.Trim();

    private sealed class AccountRow
    {
        public string Account { get; init; } = "";

        public int Version { get; init; }
    }

    private sealed class ReleaseRow
    {
        public Guid ReleaseId { get; init; }

        public Int128 NetUnits { get; init; }
    }
}
