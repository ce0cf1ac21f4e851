using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace Decent.Acceptance.Tests;

/// <summary>The main job, once, as a person sees it.</summary>
public sealed class DemoTests(ITestOutputHelper output)
{
    [Fact]
    public async Task The_day_reconciles_and_is_the_same_when_every_webhook_comes_five_more_times_in_random_order()
    {
        await RequiresPostgres.CheckAsync();
        var plain = await PlayAsync("demo", "--json");
        var seed = RandomNumberGenerator.GetInt32(int.MaxValue);
        output.WriteLine($"seed of the order: {seed}");
        var often = await PlayAsync("demo", "--json", "--redeliver", "5", "--seed", $"{seed}");
        Assert.Equal(Comparable(plain), Comparable(often));
    }

    private async Task<JsonNode> PlayAsync(params string[] arguments)
    {
        var state = SandboxProcess.NewState();
        await using var demo = SandboxProcess.Start(state, arguments);
        var code = await demo.EndAsync();
        output.WriteLine(demo.Progress);
        Assert.True(code == 0, $"exit code {code}; state kept in {state}\n{demo.Progress}\n{demo.Output}");
        SandboxProcess.Remove(state);
        var statement = JsonNode.Parse(demo.Output)!;
        Assert.True(statement["reconciles"]!.GetValue<bool>());
        Assert.All(
            statement["judgements"]!.AsArray(), j => Assert.True(j!["holds"]!.GetValue<bool>(), j.ToJsonString()));
        return statement;
    }

    // The renter who stops half-way does so a moment sooner or later; all that follows from the moment is left out,
    // and the judgements of each day have checked it.
    private static string Comparable(JsonNode statement)
    {
        var contracts = statement["contracts"]!.AsArray();
        foreach (var field in new[] { "earned", "platformFee", "refunded", "dust" })
        {
            contracts.Single(c => c!["state"]!.GetValue<string>() == "cancelled")![field] = null;
        }

        return new JsonObject
        {
            ["contracts"] = contracts.DeepClone(),
            ["findings"] = statement["findings"]!.DeepClone(),
            ["payouts"] = new JsonArray(
                [
                    .. statement["payouts"]!.AsArray().Select(
                        p => (JsonNode)$"{p!["provider"]} {p["block"]} {p["state"]}")
                ]),
            ["refunds"] = new JsonArray(
                [.. statement["refunds"]!.AsArray().Select(r => (JsonNode)$"{r!["contract"]} {r["state"]}")]),
            ["comparisons"] = new JsonArray(
                [.. statement["reconciliation"]!.AsArray().Select(r => (JsonNode)$"{r!["check"]} {r["result"]}")]),
        }.ToJsonString();
    }
}
