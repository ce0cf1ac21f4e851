using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Dapper;
using Decent.Candid;
using Decent.Canister.Client;
using Decent.Ledger;
using Decent.Ledger.Books;
using Decent.Payments.Collections;
using Decent.Payments.Commands;
using Decent.Payments.Contracts;
using Decent.Payments.Facts;
using Decent.Payments.Inbox;
using Decent.Payments.Providers;
using Decent.Payments.Providers.ICPay;
using Decent.Payments.Providers.Stripe;
using Decent.Payments.Reconciliation;
using Decent.Payments.Refunds;
using Decent.Payments.Releases;
using Decent.Payments.Transfers;
using Decent.Postgres;
using Decent.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Npgsql;

namespace Decent.Payments.Tests.In;

/// <summary>Everything that comes in, on a database of its own, with rails that answer as told.</summary>
internal sealed class InWorld : IAsyncDisposable
{
    public const string Secret = "whsec_of_a_test";

    public static readonly DateTimeOffset Start = new(2027, 3, 1, 0, 0, 0, TimeSpan.Zero);
    public static readonly Asset Usd = Asset.Fiat("USD");
    public static readonly Asset Icp = Asset.Token("ICP", 8, Principal.FromText("ryjl3-tyaaa-aaaaa-aaaba-cai"));

    private readonly TestDatabase _database;
    private readonly ServiceProvider _services;

    private InWorld(TestDatabase database, IFactSource? source)
    {
        _database = database;
        DapperSetup.Register();
        var services = new ServiceCollection();
        services.AddSingleton(database.App);
        services.AddSingleton<TimeProvider>(Clock);
        services.AddSingleton(new AssetRegistry([Usd, Asset.Fiat("JPY"), Icp]));
        services.AddSingleton<IFaultProbe>(Probe);
        services.AddSingleton<Ids>();
        services.AddSingleton<IBooks, Ledger.Books.Books>();
        services.AddSingleton<IBooksReader, BooksReader>();
        services.AddSingleton<ICommands, CommandRunner>();
        services.AddSingleton<IFindings, Findings>();
        services.AddSingleton<ITransfers>(Transfers);
        services.AddSingleton<IPaymentProvider>(Stripe);
        services.AddSingleton<IPaymentProvider>(ICPay);
        services.AddSingleton<IFactTranslator>(new StripeFacts());
        services.AddSingleton<IFactTranslator>(new ICPayFacts("42"));
        services.AddSingleton<IWebhookVerifier>(new StripeVerifier([Secret]));
        services.AddSingleton<IWebhookVerifier>(new ICPayVerifier([Secret]));
        if (source is not null)
        {
            services.AddSingleton(source);
        }

        services.AddLogging(b => b.AddProvider(Log));
        PaymentsModule.AddInServices(
            services,
            new PaymentsOptions
            {
                PlatformFeeBps = 250,
                ReleaseSlot = TimeSpan.FromHours(1),
                ReleaseHold = TimeSpan.FromHours(24),
            });
        _services = services.BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true });
    }

    public FakeTimeProvider Clock { get; } = new(Start);

    public FakeRail Stripe { get; } = new("stripe", tokens: false);

    public FakeRail ICPay { get; } = new("icpay", tokens: true);

    public FakeTransfers Transfers { get; } = new();

    public RecordingProbe Probe { get; } = new();

    public RecordingLog Log { get; } = new();

    public IContracts Contracts => Get<IContracts>();

    public ICollections Collections => Get<ICollections>();

    public IWebhookInbox Inbox => Get<IWebhookInbox>();

    public IRefunds Refunds => Get<IRefunds>();

    public IReleases Releases => Get<IReleases>();

    public IFindings Findings => Get<IFindings>();

    public ICommands Commands => Get<ICommands>();

    public IBooksReader Books => Get<IBooksReader>();

    public NpgsqlDataSource App => _database.App;

    public static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<InWorld> CreateAsync(IFactSource? source = null) => new(
        await TestDatabase.CreateAsync(typeof(Ids).Assembly, typeof(IBooks).Assembly, typeof(IContracts).Assembly),
        source);

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    public IDueWork Work(string name) => _services.GetServices<IDueWork>().Single(w => w.Name == name);

    public static CommandContext Caller(string? key = null, string body = "") => new(
        "tester",
        key is null ? null : new IdempotencyKey("tester POST /x", key, SHA256.HashData(Encoding.UTF8.GetBytes(body))));

    /// <summary>Runs every job until nothing is due now; business time stands still.</summary>
    public async Task SettleAsync()
    {
        for (var round = 0; round < 50; round++)
        {
            var done = 0;
            foreach (var work in _services.GetServices<IDueWork>())
            {
                done += await work.RunDueAsync(Token);
            }

            if (done == 0)
            {
                return;
            }
        }

        Assert.Fail("The jobs never came to rest.");
    }

    public Task AdvanceAsync(TimeSpan by)
    {
        Clock.Advance(by);
        return SettleAsync();
    }

    public static NewContract Order(string id = "c-1") => new(
        id, "provider-1", "renter-1", "30000000000", "USD", Start, Start.AddHours(720), Start.AddHours(2), Account);

    /// <summary>An account nobody has.</summary>
    public static string Account { get; } =
        new IcrcAccount(Principal.SelfAuthenticating("a renter"u8), null).ToString();

    public async Task<ContractView> ContractAsync(string id = "c-1", Func<NewContract, NewContract>? change = null)
    {
        var order = Order(id);
        return (await Contracts.CreateAsync(Caller(), change?.Invoke(order) ?? order, Token)).Value;
    }

    public async Task<CollectionView> CollectAsync(string contractId = "c-1", string rail = "stripe") =>
        (await Collections.StartAsync(
            Caller(), new NewCollection(contractId, rail, rail == "icpay" ? "ICP" : null), Token)).Value;

    /// <summary>A contract that is paid, in full and in time.</summary>
    public async Task<CollectionView> PaidAsync(
        string id = "c-1", string rail = "stripe", Func<NewContract, NewContract>? change = null)
    {
        await ContractAsync(id, change);
        var collection = await CollectAsync(id, rail);
        await DeliverAsync(rail == "stripe" ? StripePaid(collection) : ICPayPaid(collection));
        await Work("inbox").RunDueAsync(Token);
        return (await Collections.GetAsync(collection.Id, Token))!;
    }

    public Task<WebhookReceipt> DeliverAsync((string Rail, string Body) delivery) =>
        DeliverAsync(delivery.Rail, delivery.Body, Secret, Clock.GetUtcNow());

    public Task<WebhookReceipt> DeliverAsync(string rail, string body, string secret, DateTimeOffset signedAt)
    {
        var stamp = signedAt.ToUnixTimeSeconds();
        var mac = Convert.ToHexStringLower(
            HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes($"{stamp}.{body}")));
        var header = rail == "stripe" ? "Stripe-Signature" : "X-ICPay-Signature";
        return Inbox.ReceiveAsync(
            rail, new Dictionary<string, string> { [header] = $"t={stamp},v1={mac}" }, Encoding.UTF8.GetBytes(body), Token);
    }

    /// <summary>Stripe says that a session was paid.</summary>
    public (string Rail, string Body) StripePaid(
        CollectionView collection, long? cents = null, string? payment = null, string currency = "usd", DateTimeOffset? at = null)
    {
        var paid = cents ?? (long)(Int128.Parse(collection.Price!.Amount) / 10_000_000);
        return ("stripe", Json(new
        {
            id = "evt_" + Guid.NewGuid().ToString("N"),
            type = "checkout.session.completed",
            created = (at ?? Clock.GetUtcNow()).ToUnixTimeSeconds(),
            data = new
            {
                @object = new
                {
                    id = collection.ProviderReference,
                    status = "complete",
                    payment_status = "paid",
                    amount_total = paid,
                    currency,
                    payment_intent = payment ?? PaymentOf(collection),
                    metadata = new { contract_id = collection.ContractId, collection_id = collection.Id },
                },
            },
        }));
    }

    /// <summary>Stripe says the same of the PaymentIntent.</summary>
    public (string Rail, string Body) StripeIntentPaid(CollectionView collection) => ("stripe", Json(new
    {
        id = "evt_" + Guid.NewGuid().ToString("N"),
        type = "payment_intent.succeeded",
        created = Clock.GetUtcNow().ToUnixTimeSeconds(),
        data = new
        {
            @object = new
            {
                id = PaymentOf(collection),
                status = "succeeded",
                amount_received = (long)(Int128.Parse(collection.Price!.Amount) / 10_000_000),
                currency = "usd",
                metadata = new { contract_id = collection.ContractId, collection_id = collection.Id },
            },
        },
    }));

    public static string PaymentOf(CollectionView collection) => "pi_" + collection.Id.ToString("N");

    /// <summary>ICPay says that an intent was paid.</summary>
    public (string Rail, string Body) ICPayPaid(
        CollectionView collection,
        Int128? paid = null,
        string status = "completed",
        string? intent = null,
        string? contract = null,
        string? ledger = null,
        DateTimeOffset? at = null)
    {
        var expected = collection.Expected?.Amount ?? "600000000";
        return ("icpay", Json(new
        {
            id = "evt_" + Guid.NewGuid().ToString("N"),
            type = status == "completed" ? "payment.completed" : "payment.updated",
            created = (at ?? Clock.GetUtcNow()).ToUnixTimeSeconds(),
            data = new
            {
                @object = new
                {
                    id = "pay-" + collection.Id.ToString("N"),
                    paymentIntentId = intent ?? collection.ProviderReference ?? "intent-" + collection.Id.ToString("N"),
                    status,
                    ledgerCanisterId = ledger ?? Icp.LedgerCanister!.ToText(),
                    accountCanisterId = 42,
                    requestedAmount = expected,
                    paidAmount = (paid ?? Int128.Parse(expected)).ToString(),
                    metadata = new { contractId = contract ?? collection.ContractId, collection_id = collection.Id },
                    intent = new { amountUsd = 30 },
                },
            },
        }));
    }

    /// <summary>ICPay says that it made an intent.</summary>
    public (string Rail, string Body) ICPayIntentCreated(CollectionView collection, string intent, Int128 units) => ("icpay", Json(new
    {
        id = "evt_" + Guid.NewGuid().ToString("N"),
        type = "payment_intent.created",
        created = Clock.GetUtcNow().ToUnixTimeSeconds(),
        data = new
        {
            @object = new
            {
                id = intent,
                status = "requires_payment",
                amount = units.ToString(),
                amountUsd = 30,
                ledgerCanisterId = Icp.LedgerCanister!.ToText(),
                metadata = new { contract_id = collection.ContractId, collection_id = collection.Id },
            },
        },
    }));

    public async Task<string> BalanceAsync(string account, Asset? asset = null) =>
        (await Books.BalanceAsync(account, asset ?? Usd, Token)).Balance.ToUnitsText();

    public async Task<IReadOnlyList<string>> OpenFindingsAsync() =>
        [.. (await Findings.ListAsync(FindingState.Open, Token)).Select(f => f.Code).Order(StringComparer.Ordinal)];

    /// <summary>The books balance, and every contract's parts add up.</summary>
    public async Task AssertSoundAsync()
    {
        foreach (var line in await Books.TrialBalanceAsync(Token))
        {
            Assert.Equal(line.Debits, line.Credits);
        }

        foreach (var contract in (await Contracts.ListAsync(null, new PageRequest(null, 200), Token)).Items)
        {
            var settlement = (await Contracts.SettlementAsync(contract.Id, Token))!;
            Assert.Equal(
                settlement.Remaining.Amount, await BalanceAsync(ChartOfAccounts.ContractEscrow(contract.Id)));
            Assert.Equal(
                settlement.RefundPending.Amount, await BalanceAsync(ChartOfAccounts.ContractRefundable(contract.Id)));
        }
    }

    /// <summary>Digest of every row of every table of the product.</summary>
    public async Task<string> DigestAsync()
    {
        await using var connection = await _database.Owner.OpenConnectionAsync(Token);
        var tables = (await connection.QueryAsync<string>(
            """
            select format('%I.%I', schemaname, tablename) from pg_tables
            where schemaname in ('payments', 'ledger', 'prices') order by 1
            """)).AsList();
        Assert.True(tables.Count > 10, $"{tables.Count} tables");
        var digests = new StringBuilder();
        foreach (var table in tables)
        {
            digests.Append(table).Append('=').AppendLine(await connection.QuerySingleAsync<string>(
                $"select count(*) || ':' || coalesce(md5(string_agg(t::text, '|' order by t::text)), '') from {table} t"));
        }

        return digests.ToString();
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await _database.DisposeAsync();
    }

    private static string Json(object value) => JsonSerializer.Serialize(value);
}

/// <summary>Remembers which points were reached, and may fail there.</summary>
internal sealed class RecordingProbe : IFaultProbe
{
    public List<string> Points { get; } = [];

    public string? DieAt { get; set; }

    public void Reached(string point)
    {
        Points.Add(point);
        if (DieAt == point)
        {
            DieAt = null;
            throw new ProcessDiedException();
        }
    }
}

/// <summary>The process was killed here.</summary>
public sealed class ProcessDiedException : Exception;

/// <summary>Keeps what was logged as an error.</summary>
internal sealed class RecordingLog : ILoggerProvider, ILogger
{
    public List<string> Errors { get; } = [];

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (logLevel >= LogLevel.Error)
        {
            Errors.Add(formatter(state, exception) + " " + exception);
        }
    }

    public void Dispose()
    {
    }
}

/// <summary>Plans transfers as the real one does towards its caller: a hold on the wallet in the caller's books batch.</summary>
internal sealed class FakeTransfers : ITransfers
{
    public List<(Guid Id, TransferPlan Plan, Guid Hold)> Planned { get; } = [];

    public Task<Guid> PlanAsync(CommandSession session, TransferPlan plan, CancellationToken cancellationToken)
    {
        var (id, hold) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        session.Books.Add(new HoldPlacement
        {
            Id = hold,
            IdempotencyKey = $"transfer/{id}/hold",
            Reason = "transfer_planned",
            Account = ChartOfAccounts.Wallet(plan.Asset.Code),
            Amount = new Money(plan.Asset, plan.Units + 10_000),
        });
        Planned.Add((id, plan, hold));
        return Task.FromResult(id);
    }

    public Task<TransferView?> GetAsync(Guid id, CancellationToken cancellationToken) => Task.FromResult<TransferView?>(null);

    public Task<TransferHistory> HistoryAsync(Guid id, CancellationToken cancellationToken) =>
        Task.FromResult(new TransferHistory([], []));
}
