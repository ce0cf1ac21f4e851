using Decent.Ledger;
using Decent.Payments.Collections;
using Decent.Payments.Commands;
using Decent.Payments.Refunds;
using Decent.Payments.Releases;
using Decent.Postgres;
using Npgsql;

namespace Decent.Payments.Contracts;

/// <inheritdoc cref="IContracts" />
internal sealed class ContractDesk(
    ICommands commands,
    NpgsqlDataSource dataSource,
    AssetRegistry assets,
    PaymentsOptions options,
    ContractEndings endings,
    TimeProvider time,
    Ids ids) : IContracts
{
    private const int MostReleases = 1000;
    private const int LongestReason = 500;

    /// <inheritdoc />
    public Task<CommandResult<ContractView>> CreateAsync(
        CommandContext context, NewContract contract, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(contract);
        return commands.RunAsync(context, (s, ct) => InsertAsync(s, contract, ct), cancellationToken);
    }

    /// <inheritdoc />
    public Task<CommandResult<ContractView>> CancelAsync(
        CommandContext context, string contractId, string reason, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(reason) || reason.Length > LongestReason)
        {
            throw new RefusedException(
                "reason_invalid", $"reason must have 1 to {LongestReason} characters.", RefusalKind.Invalid);
        }

        return commands.RunAsync(
            context, async (s, ct) => View(await endings.CancelAsync(s, contractId, reason, ct)), cancellationToken);
    }

    /// <inheritdoc />
    public async Task<ContractView?> GetAsync(string contractId, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        return await ContractStore.GetAsync(connection, contractId, null, cancellationToken) is { } row
            ? View(row)
            : null;
    }

    /// <inheritdoc />
    public async Task<Page<ContractView>> ListAsync(
        string? state, PageRequest page, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(page);
        if (state is not null && ContractStates.Find(state) is null)
        {
            throw new RefusedException("state_unknown", $"There is no contract state '{state}'.", RefusalKind.Invalid);
        }

        var limit = page.CheckedLimit();
        var cursor = page.CursorId();
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        var rows = await ContractStore.ListAsync(connection, state, cursor, limit + 1, cancellationToken);
        return Pages.Of(rows, limit, View, r => r.ListId);
    }

    /// <inheritdoc />
    public async Task<IReadOnlyList<ContractEventView>> EventsAsync(
        string contractId, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        return await ContractStore.EventsAsync(connection, contractId, cancellationToken);
    }

    /// <inheritdoc />
    public async Task<SettlementView?> SettlementAsync(string contractId, CancellationToken cancellationToken)
    {
        // One snapshot, so that the parts add up.
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(
            System.Data.IsolationLevel.RepeatableRead, cancellationToken);
        if (await ContractStore.GetAsync(connection, contractId, transaction, cancellationToken) is not { } row)
        {
            return null;
        }

        var collections = await CollectionStore.OfContractAsync(connection, contractId, transaction, cancellationToken);
        var releases = await ReleaseStore.OfContractAsync(
            connection, contractId, MostReleases, transaction, cancellationToken);
        var refunds = await RefundStore.OfContractAsync(connection, contractId, transaction, cancellationToken);
        return Settlement(row, collections, releases, refunds);
    }

    private SettlementView Settlement(
        ContractRow row, List<CollectionRow> collections, List<ReleaseRow> releases, List<RefundRow> refunds)
    {
        var now = time.GetUtcNow();
        var currency = assets.Get(row.Currency);
        var paid = row.Paid(currency);
        var at = row.EndedAt is { } ended && ended < now ? ended : now;
        var earned = paid.IsZero ? paid : row.Window.Earned(paid, at);
        var pending = refunds
            .Where(r => r.State != RefundStates.Succeeded)
            .Aggregate((Int128)0, (sum, r) => sum + r.Units);
        return new SettlementView(
            row.Id,
            row.State,
            now,
            Amount(row, row.PriceUnits),
            Amount(row, row.PaidUnits),
            AmountView.Of(earned),
            Amount(row, row.ReleasedUnits),
            Amount(row, row.FeeUnits),
            Amount(row, row.RefundedUnits),
            Amount(row, pending),
            Amount(row, row.DustUnits),
            Amount(row, row.PaidUnits - row.ReleasedUnits - row.RefundedUnits - row.DustUnits),
            collections.ConvertAll(c => c.ToView()),
            releases.ConvertAll(r => r.ToView()),
            refunds.ConvertAll(r => r.ToView()));
    }

    private async Task<ContractView> InsertAsync(
        CommandSession session, NewContract contract, CancellationToken cancellationToken)
    {
        var (price, refundAccount) = NewContractCheck.Check(contract, assets, session.Now);
        var row = new ContractRow
        {
            Id = contract.Id!,
            ListId = ids.Next(),
            ProviderId = contract.ProviderId!,
            RenterId = contract.RenterId!,
            Currency = price.Asset.Code,
            PriceUnits = price.Units,
            ServiceStart = Instants.Microseconds(contract.ServiceStart),
            ServiceEnd = Instants.Microseconds(contract.ServiceEnd),
            PaymentDeadline = Instants.Microseconds(contract.PaymentDeadline),
            RefundAccount = refundAccount,
            FeeBps = options.PlatformFeeBps,
            State = ContractState.AwaitingPayment.Name(),
            CreatedAt = session.Now,
            NextCheckAt = Instants.Microseconds(contract.PaymentDeadline),
        };
        if (!await ContractStore.InsertAsync(session, row, cancellationToken))
        {
            throw new RefusedException("contract_exists", $"There is a contract '{row.Id}' already.");
        }

        await ContractStore.RecordAsync(
            session, row.Id, "created", $"{row.RenterId} rents from {row.ProviderId} for {price}.", cancellationToken);
        return View(row);
    }

    private static ContractView View(ContractRow row) => new(
        row.Id,
        row.ProviderId,
        row.RenterId,
        row.State,
        Amount(row, row.PriceUnits),
        Amount(row, row.PaidUnits),
        Amount(row, row.ReleasedUnits),
        Amount(row, row.FeeUnits),
        Amount(row, row.RefundedUnits),
        Amount(row, row.DustUnits),
        row.ServiceStart,
        row.ServiceEnd,
        row.PaymentDeadline,
        row.RefundAccount,
        row.PaidBy,
        row.Disputed,
        row.CreatedAt,
        row.ActivatedAt,
        row.EndedAt);

    private static AmountView Amount(ContractRow row, Int128 units) => AmountView.Of(units, row.Currency);
}
