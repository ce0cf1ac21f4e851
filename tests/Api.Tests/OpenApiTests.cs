using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Decent.Api.Tests;

/// <summary>The API's description changes only on purpose.</summary>
[Collection(nameof(RunningHost))]
public sealed partial class OpenApiTests(RunningHost host)
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    [Fact]
    public async Task The_description_is_the_approved_one()
    {
        using var client = await host.ClientAsync();
        var served = JsonNode.Parse(await client.GetStringAsync("/openapi/v1.json", TestContext.Current.CancellationToken))!;

        // Where a comment's line breaks is no part of the description.
        var text = LineBreaks().Replace(served.ToJsonString(Indented).ReplaceLineEndings("\n"), " ") + "\n";
        var file = Path.Combine(Root(), "docs", "reference", "openapi.v1.json");
        if (Environment.GetEnvironmentVariable("DECENT_WRITE_APPROVED") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            await File.WriteAllTextAsync(file, text, TestContext.Current.CancellationToken);
        }

        Assert.Equal(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken), text);
    }

    [Fact]
    public async Task No_amount_is_a_number()
    {
        using var client = await host.ClientAsync();
        var served = JsonNode.Parse(await client.GetStringAsync("/openapi/v1.json", TestContext.Current.CancellationToken))!;

        var amount = served["components"]!["schemas"]!["AmountView"]!["properties"]!["amount"]!;

        Assert.Equal("string", amount["type"]!.GetValue<string>());
    }

    [Fact]
    public async Task The_page_for_people_asks_nobody_outside()
    {
        using var client = await host.ClientAsync();

        var page = await client.GetStringAsync("/scalar/v1", TestContext.Current.CancellationToken);

        Assert.Contains("scalar", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("https://", page, StringComparison.Ordinal);
    }

    [GeneratedRegex(@"\\n\s*", RegexOptions.None, 5000)]
    private static partial Regex LineBreaks();

    private static string Root()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Decent.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("The tests do not run inside a checkout.");
    }
}
