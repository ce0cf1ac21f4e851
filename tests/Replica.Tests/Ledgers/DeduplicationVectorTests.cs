using System.Globalization;
using System.Text.Json;
using Decent.Canister.Client;
using Decent.Replica.Canisters;
using Decent.Replica.Ledgers;
using Decent.Testing;

namespace Decent.Replica.Tests.Ledgers;

/// <summary>The published scenarios of transfer deduplication, step by step against the ledger.</summary>
public sealed class DeduplicationVectorTests
{
    private const string File = "icrc1-dedup.json";

    [Fact]
    public void The_published_file_holds_scenarios() => Assert.True(Load().GetArrayLength() >= 11);

    [Fact]
    public void Every_published_scenario_ends_as_published()
    {
        foreach (var scenario in Load().EnumerateArray())
        {
            Play(scenario);
        }
    }

    private static JsonElement Load() =>
        JsonDocument.Parse(Vectors.Text(File)).RootElement.GetProperty("scenarios").Clone();

    private static void Play(JsonElement scenario)
    {
        var name = scenario.GetProperty("name").GetString()!;
        var settings = new LedgerSettings(
            LedgerProfile.Icrc, "Test", "TST", 8, Number(scenario.GetProperty("fee")), TestAccounts.Account("MINT"),
            FeeCollector: null, ulong.MaxValue);
        var ledger = new TokenLedger(settings);
        foreach (var balance in scenario.GetProperty("initial_balances").EnumerateObject())
        {
            _ = ledger.Mint(TestAccounts.Account(balance.Name), Number(balance.Value), null, 0);
        }

        Assert.Equal(scenario.GetProperty("initial_log_length").GetInt32(), ledger.Blocks.Count);
        var step = 0;
        foreach (var one in scenario.GetProperty("steps").EnumerateArray())
        {
            Assert.Equal($"{name} {step}: {Expected(one)}", $"{name} {step}: {Actual(ledger, one)}");
            step++;
        }

        foreach (var balance in scenario.GetProperty("final_balances").EnumerateObject())
        {
            Assert.Equal(Number(balance.Value), ledger.BalanceOf(TestAccounts.Account(balance.Name)));
        }
    }

    private static string Actual(TokenLedger ledger, JsonElement step)
    {
        var args = step.GetProperty("args");
        var request = new TransferRequest(
            TestAccounts.Account(step.GetProperty("caller").GetString()!, Hex(args.GetProperty("from_subaccount_hex"))),
            TestAccounts.Account(
                args.GetProperty("to").GetProperty("owner").GetString()!,
                Hex(args.GetProperty("to").GetProperty("subaccount_hex"))),
            Number(args.GetProperty("amount")),
            Optional(args.GetProperty("fee")),
            Hex(args.GetProperty("memo_hex")),
            (ulong?)Optional(args.GetProperty("created_at_time")));
        try
        {
            var verdict = ledger.Transfer(request, (ulong)Number(step.GetProperty("now_ns")));
            return verdict switch
            {
                TransferVerdict.Ok ok => $"Ok {ok.Block}",
                TransferVerdict.Duplicate d => $"Duplicate {d.Block}",
                TransferVerdict.BadFee b => $"BadFee {b.Expected}",
                TransferVerdict.BadBurn b => $"BadBurn {b.Minimum}",
                TransferVerdict.InsufficientFunds f => $"InsufficientFunds {f.Balance}",
                TransferVerdict.CreatedInFuture c => $"CreatedInFuture {c.LedgerTime}",
                TransferVerdict.TooOld => "TooOld",
                _ => verdict.ToString(),
            };
        }
        catch (CanisterTrapException)
        {
            return "trap";
        }
    }

    private static string Expected(JsonElement step)
    {
        var expect = step.GetProperty("expect");
        if (expect.TryGetProperty("Ok", out var ok))
        {
            return $"Ok {ok.GetString()}";
        }

        if (expect.TryGetProperty("trap", out _))
        {
            return "trap";
        }

        var error = expect.GetProperty("Err");
        if (error.ValueKind == JsonValueKind.String)
        {
            return error.GetString()!;
        }

        var variant = error.EnumerateObject().Single();
        return $"{variant.Name} {variant.Value.EnumerateObject().Single().Value.GetString()}";
    }

    private static UInt128 Number(JsonElement text) => UInt128.Parse(text.GetString()!, CultureInfo.InvariantCulture);

    private static UInt128? Optional(JsonElement text) => text.ValueKind == JsonValueKind.Null ? null : Number(text);

    private static byte[]? Hex(JsonElement text) =>
        text.ValueKind == JsonValueKind.Null ? null : Convert.FromHexString(text.GetString()!);
}
