using Decent.Canister.Client;
using Decent.Testing;

namespace Decent.Payments.Tests.Transfers;

/// <summary>
/// Random faults of the network, the ledger and the hosts, from a printed seed: whatever happens, nobody is paid twice,
/// no money is lost, and everything settles once the faults stop.
/// </summary>
public sealed class TransferCampaignTests(PayoutDatabase fixture, ITestOutputHelper output) : IClassFixture<PayoutDatabase>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Whatever_fails_nobody_is_paid_twice_and_everything_settles()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("DECENT_SEED"), out var given)
            ? given
            : new Random().Next();
        output.WriteLine($"DECENT_SEED={seed}");
        var world = await fixture.WorldAsync();
        for (var i = 0; i < Deep.Count(40); i++)
        {
            try
            {
                await RunAsync(world, unchecked(seed + i));
            }
            catch (Exception e) when (e is not OperationCanceledException || e is Crash)
            {
                throw new InvalidOperationException($"Failed with DECENT_SEED={unchecked(seed + i)} after {i} runs.", e);
            }
        }
    }

    private static async Task RunAsync(PayoutWorld world, int seed)
    {
        var random = new Random(seed);
        var token = world.Assets.Get(new[] { "DCT", "ICP", "ckUSDT" }[random.Next(3)]);
        var calm = await FundedAsync(world, token);
        var payouts = new List<Guid>();
        for (var i = 0; i < 1 + random.Next(3); i++)
        {
            payouts.Add(await world.PayoutAsync(calm, token));
        }

        var bad = random.NextDouble() * 0.8;
        world.Agent.Next = () => random.NextDouble() < bad ? AnyFate(random) : Fate.Good;
        world.Agent.StatusFails = () => random.NextDouble() < bad;
        world.Agent.TimeFails = () => random.NextDouble() < bad;
        world.Ledgers[token.Code].ReadFails = () => random.NextDouble() < bad / 3;
        var crashes = new CrashPlan { At = _ => random.NextDouble() < bad / 4 };
        var hosts = new[] { world.Host(crashes), world.Host(crashes) };
        for (var step = 0; step < 40; step++)
        {
            var host = random.Next(hosts.Length);
            try
            {
                await hosts[host].Work(random.Next(6) == 0 ? "payouts" : "transfers").RunDueAsync(Ct);
                if (random.Next(4) == 0)
                {
                    await hosts[host].Work("deposits").RunDueAsync(Ct);
                }
            }
            catch (Crash)
            {
                await hosts[host].DisposeAsync();
                hosts[host] = world.Host(crashes);
            }

            world.Advance(AnyPause(random));
            if (random.Next(3) == 0)
            {
                world.Ledgers[token.Code].Tick();
            }

            if (random.Next(20) == 0)
            {
                UpgradeIfForgetful(world.Ledgers[token.Code]);
            }
        }

        world.Agent.Next = static () => Fate.Good;
        world.Agent.StatusFails = world.Agent.TimeFails = world.Ledgers[token.Code].ReadFails = static () => false;
        crashes.At = static _ => false;
        world.Advance(TimeSpan.FromMinutes(1));
        await world.SettleAsync(calm, payouts);
        await world.AssertSoundAsync(calm, payouts);
        foreach (var host in hosts)
        {
            await host.DisposeAsync();
        }

        await calm.DisposeAsync();
    }

    private static async Task<PayoutHost> FundedAsync(PayoutWorld world, Decent.Ledger.Asset token)
    {
        var host = world.Host();
        await world.FundAsync(host, token, 1_000_000_000_000_000);
        return host;
    }

    private static void UpgradeIfForgetful(FakeLedger ledger)
    {
        if (ledger.Profile.Deduplication == DeduplicationRule.ResolvedFields)
        {
            ledger.Upgrade();
        }
    }

    private static TimeSpan AnyPause(Random random) => random.Next(20) switch
    {
        0 => TimeSpan.FromMinutes(random.Next(1, 12)),
        1 => TimeSpan.FromHours(random.Next(1, 30)),
        2 or 3 => TimeSpan.FromSeconds(random.Next(100, 260)),
        _ => TimeSpan.FromSeconds(random.Next(1, 60)),
    };

    private static Fate AnyFate(Random random) => random.Next(13) switch
    {
        0 => new Fate { Lost = true },
        1 => new Fate { AnswerLost = true },
        2 => new Fate { Throws = true },
        3 => new Fate { Throws = true, Lost = true },
        4 => new Fate { Delay = TimeSpan.FromSeconds(random.Next(1, 300)), AnswerLost = true },
        5 => new Fate { Instead = new TransferAnswer.TemporarilyUnavailable() },
        6 => new Fate { Instead = new TransferAnswer.GenericError(1, "x") },
        7 => new Fate { Afterwards = new TransferAnswer.GenericError(2, "x") },
        8 => new Fate { RejectCode = 5, ErrorCode = "IC0502", RejectAfterwards = true },
        9 => new Fate { RejectCode = 2, ErrorCode = "IC0202" },
        10 => new Fate { Drained = true },
        11 => new Fate { Afterwards = new TransferAnswer.Unrecognised("Frozen") },
        _ => new Fate { RejectCode = 4, ErrorCode = "IC0406" },
    };
}
