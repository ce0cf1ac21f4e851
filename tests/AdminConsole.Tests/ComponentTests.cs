using Bunit;
using Decent.AdminConsole.Components;
using Decent.Ledger;
using Decent.Payments.Commands;
using Microsoft.Extensions.DependencyInjection;

namespace Decent.AdminConsole.Tests;

/// <summary>The small parts every page is made of.</summary>
public sealed class ComponentTests : BunitContext
{
    [Fact]
    public void An_amount_carries_its_exact_count_as_a_title()
    {
        Services.AddSingleton(new AssetRegistry([Asset.Fiat("USD")]));

        var rendered = Render<Amount>(p => p.Add(a => a.Value, new AmountView("2500000", "USD")));

        Assert.Equal("0.0025 USD", rendered.Find("span").TextContent);
        Assert.Equal("2500000 smallest units of USD", rendered.Find("span").GetAttribute("title"));
    }

    [Fact]
    public void An_amount_of_an_unknown_asset_is_shown_as_a_plain_count()
    {
        Services.AddSingleton(new AssetRegistry([Asset.Fiat("USD")]));

        var rendered = Render<Amount>(p => p.Add(a => a.Value, new AmountView("7", "XYZ")));

        Assert.Equal("7 units of XYZ", rendered.Find("span").TextContent);
    }

    [Theory]
    [InlineData("Unknown", "unknown, checking the chain", "warn")]
    [InlineData("Confirmed", "confirmed", "ok")]
    [InlineData("awaiting_payment", "awaiting payment", "wait")]
    [InlineData("Refused", "refused", "bad")]
    public void A_state_never_calls_the_unknown_failed(string state, string words, string kind)
    {
        var rendered = Render<StateBadge>(p => p.Add(b => b.State, state));

        Assert.Equal(words, rendered.Find("span").TextContent);
        Assert.Contains(kind, rendered.Find("span").ClassList, StringComparer.Ordinal);
    }

    [Fact]
    public void A_pager_keeps_the_filter_of_the_list()
    {
        var rendered = Render<Pager>(p => p.Add(x => x.First, "/console/payouts?state=draft").Add(x => x.Next, "a b"));

        Assert.Equal("/console/payouts?state=draft&cursor=a%20b", rendered.Find("a").GetAttribute("href"));
    }
}
