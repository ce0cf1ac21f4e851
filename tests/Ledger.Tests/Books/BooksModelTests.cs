using CsCheck;
using Decent.Ledger.Books;
using Decent.Ledger.Journal;
using Decent.Testing;
using static Decent.Ledger.Tests.Assets;

namespace Decent.Ledger.Tests.Books;

/// <summary>Random histories against a plain model, and random writers against each other.</summary>
public sealed class BooksModelTests(LedgerDatabase ledger) : IClassFixture<LedgerDatabase>
{
    private const int Accounts = 5;

    private static readonly Gen<Step> AnyStep = Gen.Select(
        Gen.Int[0, 9], Gen.Int[0, Accounts - 1], Gen.Int[0, Accounts - 1], Gen.Int[1, 40], Gen.Int[0, 19], Gen.Bool,
        (kind, from, to, units, pick, flag) => new Step(kind, from, to, units, pick, flag));

    private sealed record Step(int Kind, int From, int To, int Units, int Pick, bool Flag);

    [Fact]
    public async Task Random_histories_end_as_the_model_says()
    {
        // Asked for here, where a missing PostgreSQL can still skip the test.
        Assert.NotNull(ledger.Database);
        await AnyStep.Array[1, 4].Array[60].SampleAsync(PlayAsync, iter: Deep.Count(20), threads: 2);

        await ledger.AssertSoundAsync();
    }

    [Fact]
    public async Task Concurrent_writers_never_deadlock_and_the_books_stay_sound()
    {
        const int writers = 8;
        var rounds = Deep.Count(40);
        var name = ledger.NextName();
        var seed = new Random().Next();
        TestContext.Current.SendDiagnosticMessage("seed {0}", seed);

        var counts = await Task.WhenAll(Enumerable.Range(0, writers).Select(async writer =>
        {
            var random = new Random(seed + writer);
            var applied = 0;
            for (var round = 0; round < rounds; round++)
            {
                // Every batch names many accounts in random order and shares keys with the other writers.
                var batch = Enumerable.Range(0, 1 + random.Next(4)).Select(_ => RandomPosting(name, random)).ToArray();
                try
                {
                    var outcomes = await ledger.ApplyAsync(batch);
                    applied += outcomes.Count(o => !o.Replayed);
                }
                catch (BooksRefusedException e) when (e.Refusal is BooksRefusal.FloorBreached or BooksRefusal.IdempotencyConflict)
                {
                    // Decided by who came first.
                }
            }

            return applied;
        }));

        Assert.True(counts.Sum() > 0);
        Assert.Equal(counts.Sum(), await ledger.ScalarAsync<long>("select count(*) from ledger.postings where key like @p", new { p = name + "%" }));
        await ledger.AssertSoundAsync();
        Assert.Equal(0, await ledger.ScalarAsync<long>(
            "select count(*) from ledger.balances b join ledger.accounts a on a.id = b.account_id where a.floor is not null and b.balance - b.held < a.floor and a.path like @p",
            new { p = $"contract/{name}%" }));
    }

    private Posting RandomPosting(string name, Random random)
    {
        var key = $"{name}/{random.Next(4000)}";
        var legs = new List<Leg>();
        var total = 0;
        for (var i = 1 + random.Next(4); i > 0; i--)
        {
            var units = random.Next(-20, 25);
            if (units != 0)
            {
                legs.Add(new Leg(ChartOfAccounts.ContractEscrow($"{name}-{random.Next(Accounts)}"), Dollars(-units)));
                total += units;
            }
        }

        if (total != 0)
        {
            legs.Insert(random.Next(legs.Count + 1), new Leg(ChartOfAccounts.RailClearingOf(name), Dollars(total)));
        }

        if (legs.Count < 2)
        {
            legs = [Leg.Debit(ChartOfAccounts.RailClearingOf(name), Dollars(1)), Leg.Credit(ChartOfAccounts.ContractEscrow(name + "-0"), Dollars(1))];
        }

        return ledger.Posting(key, [.. legs]);
    }

    private async Task PlayAsync(Step[][] history)
    {
        var name = ledger.NextName();
        var model = new ModelBooks();
        var past = new List<BooksOperation>();
        var holds = new List<HoldPlacement>();
        var number = 0;
        foreach (var steps in history)
        {
            var batch = steps.Select(s => Operation(name, s, past, holds, ref number)).ToArray();
            var expected = model.Apply(batch, o => Convert.ToHexString(CanonicalEncoding.Body(o)));
            BooksRefusal? refusal = null;
            try
            {
                await ledger.ApplyAsync(batch);
                past.AddRange(batch);
                holds.AddRange(batch.OfType<HoldPlacement>());
            }
            catch (BooksRefusedException e)
            {
                refusal = e.Refusal;
            }

            // In a batch with several faults the books may name another one than the model comes upon first.
            Assert.True(
                steps.Length == 1 ? expected == refusal : expected is null == refusal is null,
                $"expected {expected}, got {refusal}, for {string.Join(" ; ", steps.Select(s => s.ToString()))}");
        }

        foreach (var (account, units) in model.Balances)
        {
            var real = await ledger.BalanceAsync(account, Usd);
            Assert.Equal((units, model.HeldOn(account)), (real.Balance.Units, real.Held.Units));
        }
    }

    private BooksOperation Operation(string name, Step step, List<BooksOperation> past, List<HoldPlacement> holds, ref int number)
    {
        var key = FormattableString.Invariant($"{name}/{++number}");
        var from = AccountOf(name, step.From);
        var to = AccountOf(name, step.From == step.To ? (step.To + 1) % Accounts : step.To);
        var hold = holds.Count > 0 ? holds[step.Pick % holds.Count] : null;
        switch (step.Kind)
        {
            case 3 or 4:
                return ledger.Hold(key, from, Dollars(step.Units));
            case 5 or 6 when hold is not null:
                return Move(key, hold.Account, hold.Account == to ? AccountOf(name, 0) : to, step.Units) with
                {
                    Settles = [new HoldSettlement(hold.Id, Dollars(step.Units), step.Flag)],
                };
            case 7 when hold is not null:
                return ledger.Release(key, hold.Id);
            case 8 when past.Count > 0:
                var again = past[step.Pick % past.Count];
                return step.Flag ? again : again with { Reason = "another" };
            case 9:
                return Move(key, from, to, step.Units) with { Authority = PostingAuthority.Fact };
            default:
                return Move(key, from, to, step.Units);
        }
    }

    // Account 0 is a rail without a floor, from which the others are fed.
    private static string AccountOf(string name, int index) =>
        index == 0 ? ChartOfAccounts.RailClearingOf(name) : ChartOfAccounts.ContractEscrow($"{name}-{index}");

    private Posting Move(string key, string from, string to, int units) =>
        ledger.Posting(key, Leg.Debit(from, Dollars(units)), Leg.Credit(to, Dollars(units)));
}
