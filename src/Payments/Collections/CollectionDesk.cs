using System.Globalization;
using Decent.Ledger;
using Decent.Payments.Commands;
using Decent.Payments.Contracts;
using Decent.Payments.Providers;
using Decent.Postgres;
using Npgsql;

namespace Decent.Payments.Collections;

/// <inheritdoc cref="ICollections" />
internal sealed class CollectionDesk(
    ICommands commands,
    NpgsqlDataSource dataSource,
    Rails rails,
    AssetRegistry assets,
    CollectionStarts starts,
    Ids ids) : ICollections
{
    // A rail closes a session by itself between half an hour and a day from its making.
    private static readonly TimeSpan ShortestSession = TimeSpan.FromMinutes(31);
    private static readonly TimeSpan LongestSession = TimeSpan.FromHours(23.5);

    /// <inheritdoc />
    public async Task<CommandResult<CollectionView>> StartAsync(
        CommandContext context, NewCollection collection, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(collection);
        var rail = RailOf(collection.Rail);
        var token = TokenOf(rail, collection.Token);
        var started = await commands.RunAsync(
            context, (s, ct) => InsertAsync(s, collection.ContractId, rail, token, ct), cancellationToken);
        // Also on a replay whose first run died here: the stored request decides what is sent, not this call.
        var view = started.Value.State == CollectionStates.Starting
            ? await starts.DriveAsync(context, started.Value.Id, firstTry: !started.Replayed, cancellationToken)
            : started.Value;
        return view is { State: CollectionStates.Failed, Received: null }
            ? throw new RefusedException("provider_refused", $"{rail.Id} refused to start the collection.")
            : new CommandResult<CollectionView>(view, started.Replayed);
    }

    /// <inheritdoc />
    public async Task<CollectionView?> GetAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        return (await CollectionStore.GetAsync(connection, id, null, cancellationToken))?.ToView();
    }

    /// <inheritdoc />
    public async Task<Page<CollectionView>> ListAsync(
        string? contractId, PageRequest page, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(page);
        var limit = page.CheckedLimit();
        var cursor = page.CursorId();
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        var rows = await CollectionStore.ListAsync(connection, contractId, cursor, limit + 1, cancellationToken);
        return Pages.Of(rows, limit, r => r.ToView(), r => r.Id);
    }

    private IPaymentProvider RailOf(string? id)
    {
        return (id is null ? null : rails.Find(id))
            ?? throw new RefusedException("rail_unknown", "There is no such rail here.", RefusalKind.Invalid);
    }

    private Asset? TokenOf(IPaymentProvider rail, string? code)
    {
        if (!rail.Capabilities.PaysInTokens)
        {
            return code is null
                ? null
                : throw new RefusedException("token_forbidden", $"{rail.Id} takes no token.", RefusalKind.Invalid);
        }

        if (code is null)
        {
            throw new RefusedException("token_required", $"{rail.Id} needs a token.", RefusalKind.Invalid);
        }

        return assets.Find(code) is { Kind: AssetKind.Token } token
            ? token
            : throw new RefusedException("token_unknown", $"There is no token '{code}' here.", RefusalKind.Invalid);
    }

    private async Task<CollectionView> InsertAsync(
        CommandSession session,
        string? contractId,
        IPaymentProvider rail,
        Asset? token,
        CancellationToken cancellationToken)
    {
        var found = contractId is null ? null : await ContractStore.LockAsync(session, contractId, cancellationToken);
        var contract = found
            ?? throw new RefusedException("contract_unknown", "There is no such contract.", RefusalKind.NotFound);
        CheckPayable(contract, session.Now);
        await CheckNoneOpenAsync(session, contract.Id, rail.Id, token, cancellationToken);
        var price = contract.Price(assets.Get(contract.Currency));
        if (MinorUnits.ToCharge(price.Units, price.Asset.Code) is null
            || (token is not null && price.Asset.Code != "USD"))
        {
            throw new RefusedException("amount_not_chargeable", $"{rail.Id} cannot charge {price}.");
        }

        var id = ids.Next();
        var row = new CollectionRow
        {
            Id = id,
            ContractId = contract.Id,
            Rail = rail.Id,
            State = CollectionStates.Starting,
            Token = token?.Code,
            PriceUnits = price.Units,
            Currency = price.Asset.Code,

            // In the contract's own currency the amount is known; in a token the rail says it.
            ExpectedAsset = token is null ? price.Asset.Code : null,
            ExpectedUnits = token is null ? price.Units : null,
            NextPollAt = session.Now + CollectionStarts.Patience,
            CreatedAt = session.Now,
        };
        await CollectionStore.InsertAsync(session, row, cancellationToken);
        var request = new CheckoutRequest(
            id,
            contract.Id,
            "checkout:" + id.ToString("N", CultureInfo.InvariantCulture),
            price.ToUnitsText(),
            price.Asset.Code,
            token?.Code,
            token?.LedgerCanister?.ToText(),
            SessionEnd(contract.PaymentDeadline, session.Now));
        await AttemptStore.InsertAsync(session, request, cancellationToken);
        await ContractStore.RecordAsync(
            session, contract.Id, "collection_started", $"Collection {id} over {rail.Id}.", cancellationToken);
        return row.ToView();
    }

    private static void CheckPayable(ContractRow contract, DateTimeOffset now)
    {
        if (contract.Phase != ContractState.AwaitingPayment)
        {
            throw new RefusedException("contract_not_payable", $"The contract is {contract.State}.");
        }

        if (contract.PaymentDeadline <= now)
        {
            throw new RefusedException("deadline_passed", "The payment deadline has passed.");
        }
    }

    private static async Task CheckNoneOpenAsync(
        CommandSession session, string contractId, string rail, Asset? token, CancellationToken cancellationToken)
    {
        var others = await CollectionStore.OfContractAsync(
            session.Connection, contractId, session.Transaction, cancellationToken);
        if (others.Find(c => c.WaitsForMoney && c.Rail == rail && c.Token == token?.Code) is { } open)
        {
            throw new RefusedException("collection_open", "A collection of this kind waits for money already.")
            {
                Extensions = new Dictionary<string, string>(StringComparer.Ordinal)
                {
                    ["firstId"] = open.Id.ToString(),
                },
            };
        }
    }

    private static DateTimeOffset SessionEnd(DateTimeOffset deadline, DateTimeOffset now)
    {
        var wanted = deadline < now + ShortestSession ? now + ShortestSession
            : deadline > now + LongestSession ? now + LongestSession
            : deadline;
        return new DateTimeOffset(wanted.Ticks - (wanted.Ticks % TimeSpan.TicksPerSecond), TimeSpan.Zero);
    }
}
