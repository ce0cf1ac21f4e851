using Dapper;
using Decent.Candid;
using Decent.Canister.Client;
using Decent.Ledger;
using Decent.Ledger.Books;
using Decent.Payments.Commands;
using Decent.Payments.Payees;
using Decent.Payments.Payouts;
using Decent.Payments.Providers;
using Decent.Payments.Reconciliation;
using Decent.Payments.Transfers;
using Decent.Payments.Treasury;
using Decent.Postgres;
using Decent.PriceOracle.Quotes;
using Decent.Replica;
using Decent.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Npgsql;

namespace Decent.Payments.Tests.Transfers;

/// <summary>A host's services over the world's database and network; a restart makes another one.</summary>
internal sealed class PayoutHost(ServiceProvider services, CrashPlan crashes) : IAsyncDisposable
{
    public CrashPlan Crashes { get; } = crashes;

    public IPayees Payees => Get<IPayees>();

    public IPayouts Payouts => Get<IPayouts>();

    public ITransfers Transfers => Get<ITransfers>();

    public ITreasury Treasury => Get<ITreasury>();

    public IFindings Findings => Get<IFindings>();

    public IReconciliation Reconciliation => Get<IReconciliation>();

    public IBooksReader Books => Get<IBooksReader>();

    public T Get<T>()
        where T : notnull => services.GetRequiredService<T>();

    public IDueWork Work(string name) => services.GetServices<IDueWork>().Single(w => w.Name == name);

    public ValueTask DisposeAsync() => services.DisposeAsync();
}

/// <summary>Ledgers that are not in memory.</summary>
internal abstract class OtherChain
{
    public abstract IAgent Agent { get; }

    public abstract ILedgerClient Client(Asset asset);

    public abstract Task MintAsync(Asset asset, IcrcAccount to, UInt128 units);
}

/// <summary>A database, clocks, three ledgers of different kinds and the network between.</summary>
internal sealed class PayoutWorld
{
    public const string Alice = "operator/alice";
    public const string Bob = "operator/bob";

    private static int _names;

    private readonly TestDatabase _database;
    private readonly OtherChain? _chain;

    public PayoutWorld(TestDatabase database, Func<TimeProvider, OtherChain>? chain = null)
    {
        _database = database;
        _chain = chain?.Invoke(Time);
        Dct = Asset.Token("DCT", 9, WellKnownCanisters.Platform);
        Icp = Asset.Token("ICP", 8, WellKnownCanisters.IcpLedger);
        Usdt = Asset.Token("ckUSDT", 6, WellKnownCanisters.CkUsdtLedger);
        Assets = new AssetRegistry([Usd, Dct, Icp, Usdt]);
        Ledgers = new Dictionary<string, FakeLedger>(StringComparer.Ordinal)
        {
            ["DCT"] = new(LedgerProfile.Platform, Dct.LedgerCanister!, 1_000_000, Time),
            ["ICP"] = new(LedgerProfile.Icp, Icp.LedgerCanister!, 10_000, Time),
            ["ckUSDT"] = new(LedgerProfile.Icrc, Usdt.LedgerCanister!, 10_000, Time),
        };
        Agent = new ScriptedAgent(id => Ledgers.Values.Single(l => l.Canister.Equals(id)), Time);
        Quotes = new FakeQuotes(Time);
        Wallet = new IcrcAccount(_chain?.Agent.Sender ?? Agent.Sender);
    }

    public static Asset Usd { get; } = Asset.Fiat("USD");

    public Asset Dct { get; }

    public Asset Icp { get; }

    public Asset Usdt { get; }

    public AssetRegistry Assets { get; }

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2027, 3, 1, 12, 0, 0, TimeSpan.Zero));

    public FakeTimeProvider Machine { get; } = new(new DateTimeOffset(2027, 3, 1, 12, 0, 0, TimeSpan.Zero));

    public IReadOnlyDictionary<string, FakeLedger> Ledgers { get; }

    public ScriptedAgent Agent { get; }

    public FakeQuotes Quotes { get; }

    public IcrcAccount Wallet { get; }

    private static IcrcAccount Stranger { get; } = new(Principal.FromBytes([9, 9, 9, 1, 1]));

    public Principal Collector { get; } = Principal.FromBytes([0, 0, 0, 0, 0, 0, 0, 7, 1, 1]);

    public List<IPaymentProvider> Providers { get; } = [];

    public NpgsqlDataSource Database => _database.App;

    public NpgsqlDataSource Owner => _database.Owner;

    public TransferOptions Options { get; set; } =
        new() { PayoutsEnabled = true, Lanes = 1, Lease = TimeSpan.FromSeconds(30) };

    public PayoutOptions PayoutOptions { get; set; } = new() { Enabled = true, MinimumUnits = 1_000_000_000 };

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static CommandContext As(string actor) => new(actor, null);

    /// <summary>A host; many may run at once.</summary>
    public PayoutHost Host(CrashPlan? crashes = null)
    {
        var plan = crashes ?? new CrashPlan();
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton(Database);
        services.AddSingleton<TimeProvider>(Time);
        services.AddSingleton(new MachineClock(Machine));
        services.AddSingleton(new Ids(Time));
        services.AddSingleton<IFaultProbe>(plan);
        services.AddSingleton(_chain?.Agent ?? Agent);
        services.AddSingleton<IQuotes>(Quotes);
        services.AddSingleton(Assets);
        services.AddLedger();
        services.AddSingleton<CommandRunner>();
        services.AddSingleton<ICommands>(p => new CrashingCommands(p.GetRequiredService<CommandRunner>(), plan));
        services.AddSingleton(Options);
        services.AddSingleton(PayoutOptions);
        services.AddSingleton(new TreasuryOptions { Relays = [(Collector, "icpay")], BatchBlocks = 3 });
        services.AddSingleton(new ReconciliationOptions());
        services.AddSingleton<ITokenLedgers>(new TokenLedgers(
            new[] { Dct, Icp, Usdt }.Select(a => new TokenLedger(
                a,
                (Int128)Ledgers[a.Code].Fee,
                Client(a),
                Wallet))));
        foreach (var provider in Providers)
        {
            services.AddSingleton(provider);
        }

        PaymentsModule.AddOutServices(services);
        if (_chain is null)
        {
            services.AddSingleton<IUncommittedEntries>(new NothingUncommitted());
        }

        return new PayoutHost(services.BuildServiceProvider(), plan);
    }

    /// <summary>Both clocks.</summary>
    public void Advance(TimeSpan by)
    {
        Time.Advance(by);
        Machine.Advance(by);
        Agent.Run();
    }

    public static string NewName(string prefix) =>
        FormattableString.Invariant($"{prefix}{Interlocked.Increment(ref _names)}");

    /// <summary>An account nobody else has.</summary>
    public static IcrcAccount NewAccount() =>
        new(Principal.FromBytes([.. BitConverter.GetBytes(Interlocked.Increment(ref _names)), 5, 1, 1]));

    /// <summary>Capital on chain and in the books.</summary>
    public async Task FundAsync(PayoutHost host, Asset asset, UInt128 units)
    {
        await MintAsync(asset, Wallet, units);
        var block = await Client(asset).LengthAsync(Ct) - 1;
        await host.Work("deposits").RunDueAsync(Ct);
        await host.Treasury.AcceptDepositAsync(As(Alice), asset.Code, block, "capital of the test", Ct);
    }

    /// <summary>A provider with a payout account and one payable release.</summary>
    public async Task<string> EarnAsync(PayoutHost host, Asset token, Int128 usdUnits, string? provider = null)
    {
        var id = provider ?? NewName("prov-");
        if (provider is null)
        {
            await host.Payees.SetAccountAsync(As(Alice), id, token.Code, NewAccount().ToString(), Ct);
        }

        await ReleaseAsync(host, id, usdUnits);
        return id;
    }

    /// <summary>A payable release and the money behind it.</summary>
    public async Task<Guid> ReleaseAsync(PayoutHost host, string provider, Int128 usdUnits)
    {
        var contract = NewName("contract-");
        var release = host.Get<Ids>().Next();
        await host.Get<CommandRunner>().RunAsync(
            As("job/test"),
            async (s, ct) =>
            {
                await s.Connection.ExecuteAsync(
                    """
                    insert into payments.contracts (id, list_id, provider_id, renter_id, currency, price_units, service_start,
                      service_end, payment_deadline, state, fee_bps, created_at, changed_at)
                    values (@contract, @listId, @provider, 'renter', 'USD', 1, @now, @end, @end, 'awaiting_payment', 0, @now, @now)
                    """,
                    new { contract, listId = Guid.NewGuid(), provider, now = s.Now, end = s.Now.AddDays(30) },
                    s.Transaction);
                await s.Connection.ExecuteAsync(
                    """
                    insert into payments.releases (id, contract_id, provider_id, currency, gross_units, fee_units, net_units,
                      period_start, period_end, payable_at, created_at)
                    values (@release, @contract, @provider, 'USD', @units, 0, @units, @start, @now, @now, @now)
                    """,
                    new { release, contract, provider, units = usdUnits, start = s.Now.AddDays(-1), now = s.Now },
                    s.Transaction);
                var money = new Money(Usd, usdUnits);
                s.Books.Add(new Posting
                {
                    Id = host.Get<Ids>().Next(),
                    IdempotencyKey = $"test/{release}",
                    Reason = "test_release",
                    EffectiveAt = s.Now,
                    Legs =
                    [
                        Leg.Debit(ChartOfAccounts.RailClearingOf("stripe"), money),
                        Leg.Credit(ChartOfAccounts.PayableTo(provider), money),
                    ],
                });
                return true;
            },
            Ct);
        return release;
    }

    /// <summary>Drafted by one, approved by another.</summary>
    public static async Task<Guid> ApprovedAsync(PayoutHost host, string provider, Asset token)
    {
        var draft = await host.Payouts.CreateDraftAsync(As(Alice), provider, "USD", token.Code, Ct);
        await host.Payouts.ApproveAsync(As(Bob), draft.Value.Id, "looked at it", Ct);
        return draft.Value.Id;
    }

    /// <summary>An approved payout with everything behind it.</summary>
    public async Task<Guid> PayoutAsync(PayoutHost host, Asset token, Int128? usdUnits = null) =>
        await ApprovedAsync(host, await EarnAsync(host, token, usdUnits ?? 5_000_000_000), token);

    /// <summary>Lets everything due happen until all payouts are settled, time passing and the ledgers living.</summary>
    public async Task SettleAsync(PayoutHost host, IReadOnlyCollection<Guid> payouts, int rounds = 400)
    {
        for (var i = 0; i < rounds; i++)
        {
            await host.Work("payouts").RunDueAsync(Ct);
            await host.Work("transfers").RunDueAsync(Ct);
            var open = 0;
            foreach (var id in payouts)
            {
                var payout = await host.Payouts.GetAsync(id, Ct);
                open += payout!.State is PayoutState.Confirmed or PayoutState.Refused or PayoutState.Cancelled ? 0 : 1;
            }

            if (open == 0)
            {
                return;
            }

            Advance(i < 40 ? TimeSpan.FromSeconds(10) : TimeSpan.FromMinutes(7));
            await TickAsync();
        }

        var states = new List<string>();
        foreach (var id in payouts)
        {
            var payout = await host.Payouts.GetAsync(id, Ct);
            states.Add($"{id} {payout!.State} {payout.Waiting}");
        }

        Assert.Fail("Not settled: " + string.Join("; ", states));
    }

    /// <summary>How often the chain shows a payout's transfer.</summary>
    public async Task<int> TimesPaidAsync(PayoutHost host, Guid payout)
    {
        var view = await host.Payouts.GetAsync(payout, Ct);
        if (view!.TransferId is not { } transferId)
        {
            return 0;
        }

        var transfer = await host.Transfers.GetAsync(transferId, Ct);
        var times = 0;
        await foreach (var block in Client(Assets.Get(view.Asset)).BlocksAsync(0, Ct))
        {
            times += (block.Memo ?? default).Span.SequenceEqual(transfer!.Memo.Span) ? 1 : 0;
        }

        return times;
    }

    /// <summary>The client of a token's ledger.</summary>
    public ILedgerClient Client(Asset asset) => _chain?.Client(asset) ?? Ledgers[asset.Code];

    /// <summary>Money out of nothing.</summary>
    public async Task MintAsync(Asset asset, IcrcAccount to, UInt128 units)
    {
        if (_chain is null)
        {
            Ledgers[asset.Code].Mint(to, units);
        }
        else
        {
            await _chain.MintAsync(asset, to, units);
        }
    }

    /// <summary>A block of somebody else on every ledger.</summary>
    public async Task TickAsync()
    {
        foreach (var asset in new[] { Dct, Icp, Usdt })
        {
            await MintAsync(asset, Stranger, 1);
        }
    }

    /// <summary>Confirmed payouts are on chain once, others not at all; books, holds and chain agree to the unit.</summary>
    public async Task AssertSoundAsync(PayoutHost host, IReadOnlyCollection<Guid> payouts, bool relaysAgree = true)
    {
        foreach (var id in payouts)
        {
            var payout = await host.Payouts.GetAsync(id, Ct);
            Assert.Equal(payout!.State == PayoutState.Confirmed ? 1 : 0, await TimesPaidAsync(host, id));
        }

        var run = await host.Reconciliation.RunAsync(As(Alice), Ct);
        var bad = run.Value.Lines
            .Where(l => l.Result != ReconciliationResult.Agrees && (relaysAgree || !l.Check.StartsWith("relay:", StringComparison.Ordinal)))
            .Select(l => $"{l.Check}: {l.Detail}");
        Assert.Empty(bad);
    }

    private sealed class NothingUncommitted : IUncommittedEntries
    {
        public Task<bool> MayHoldAsync(
            TokenLedger ledger, TransferArgument argument, IcrcAccount from, CancellationToken cancellationToken) =>
            Task.FromResult(false);
    }
}

/// <summary>Databases of one test class; a world of its own per test, since chain and books belong together.</summary>
public sealed class PayoutDatabase : IAsyncLifetime
{
    private readonly List<TestDatabase> _databases = [];

    /// <summary>A world with empty books and empty ledgers.</summary>
    internal async Task<PayoutWorld> WorldAsync(Func<TimeProvider, OtherChain>? chain = null)
    {
        var database = await TestDatabase.CreateAsync(typeof(LedgerModule).Assembly, typeof(PaymentsModule).Assembly);
        lock (_databases)
        {
            _databases.Add(database);
        }

        return new PayoutWorld(database, chain);
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        foreach (var database in _databases)
        {
            await database.DisposeAsync();
        }
    }
}
