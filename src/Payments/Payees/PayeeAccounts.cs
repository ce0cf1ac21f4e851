using System.Text.RegularExpressions;
using Dapper;
using Decent.Canister.Client;
using Decent.Payments.Commands;
using Decent.Payments.Transfers;
using Npgsql;

namespace Decent.Payments.Payees;

/// <inheritdoc cref="IPayees" />
internal sealed partial class PayeeAccounts(
    ICommands commands, NpgsqlDataSource dataSource, ITokenLedgers ledgers, MachineClock machine) : IPayees
{
    private const string LockSql =
        "select pg_advisory_xact_lock(hashtextextended('payee/' || @providerId || '/' || @asset, 0))";

    private const string CurrentSql = """
        select provider_id, asset, account, version, set_by, set_at
        from payments.payout_accounts
        where provider_id = @providerId and asset = @asset
        order by version desc
        limit 1
        """;

    private const string InsertSql = """
        insert into payments.payout_accounts (provider_id, asset, version, account, set_by, set_at, machine_at)
        values (@providerId, @asset, @version, @account, @actor, @now, @machineNow)
        """;

    private const string ListSql = """
        select distinct on (provider_id, asset) provider_id, asset, account, version, set_by, set_at
        from payments.payout_accounts
        where @providerId::text is null or provider_id = @providerId
        order by provider_id, asset, version desc
        """;

    /// <inheritdoc />
    public async Task<CommandResult<PayoutAccountView>> SetAccountAsync(
        CommandContext context, string providerId, string asset, string account, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        var canonical = await CheckAsync(providerId, asset, account, cancellationToken);
        return await commands.RunAsync(
            context, (session, ct) => SetAsync(session, providerId, asset, canonical, ct), cancellationToken);
    }

    /// <inheritdoc />
    public async Task<PayoutAccountView?> GetAsync(string providerId, string asset, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<PayoutAccountView>(
            new CommandDefinition(CurrentSql, new { providerId, asset }, cancellationToken: cancellationToken));
    }

    /// <inheritdoc />
    public async Task<IReadOnlyList<PayoutAccountView>> ListAsync(
        string? providerId, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        var rows = await connection.QueryAsync<PayoutAccountView>(
            new CommandDefinition(ListSql, new { providerId }, cancellationToken: cancellationToken));
        return rows.AsList();
    }

    private async Task<PayoutAccountView> SetAsync(
        CommandSession session, string providerId, string asset, string account, CancellationToken cancellationToken)
    {
        var key = new { providerId, asset };
        await session.Connection.ExecuteAsync(
            new CommandDefinition(LockSql, key, session.Transaction, cancellationToken: cancellationToken));
        var current = await session.Connection.QuerySingleOrDefaultAsync<PayoutAccountView>(
            new CommandDefinition(CurrentSql, key, session.Transaction, cancellationToken: cancellationToken));
        if (current is not null && string.Equals(current.Account, account, StringComparison.Ordinal))
        {
            return current;
        }

        var next = new PayoutAccountView(
            providerId, asset, account, (current?.Version ?? 0) + 1, session.Context.Actor, session.Now);
        var row = new
        {
            providerId,
            asset,
            version = next.Version,
            account,
            actor = next.SetBy,
            now = session.Now,
            machineNow = machine.Now,
        };
        await session.Connection.ExecuteAsync(
            new CommandDefinition(InsertSql, row, session.Transaction, cancellationToken: cancellationToken));
        return next;
    }

    /// <summary>The account in canonical form: a subaccount of 32 zero bytes becomes none.</summary>
    private async Task<string> CheckAsync(
        string providerId, string asset, string account, CancellationToken cancellationToken)
    {
        if (providerId is null || !ProviderId().IsMatch(providerId))
        {
            throw new RefusedException(
                "provider_invalid",
                "A provider's id has 1 to 64 letters, digits, '_', '.' or '-'.",
                RefusalKind.Invalid);
        }

        var ledger = ledgers.Find(asset)
            ?? throw new RefusedException("asset_unknown", $"'{asset}' is no token here.", RefusalKind.Invalid);
        IcrcAccount parsed;
        try
        {
            parsed = IcrcAccount.Parse(account);
        }
        catch (AccountFormatException e)
        {
            throw new RefusedException("account_invalid", e.Message, RefusalKind.Invalid);
        }

        return DestinationRules.Forbids(ledger, parsed, await MintingAsync(ledger, cancellationToken)) is { } why
            ? throw new RefusedException("account_forbidden", why, RefusalKind.Invalid)
            : parsed.ToString();
    }

    private static async Task<IcrcAccount?> MintingAsync(TokenLedger ledger, CancellationToken cancellationToken)
    {
        try
        {
            return await ledger.Client.MintingAccountAsync(cancellationToken);
        }
        catch (CanisterCallException e)
        {
            throw new RefusedException(
                "ledger_unavailable",
                $"The ledger of {ledger.Asset.Code} does not say which account mints: {e.Message}",
                RefusalKind.Unavailable);
        }
    }

    [GeneratedRegex("^[A-Za-z0-9_.-]{1,64}$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex ProviderId();
}
