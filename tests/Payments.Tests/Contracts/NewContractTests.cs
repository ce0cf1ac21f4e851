using Decent.Payments.Commands;
using Decent.Payments.Contracts;
using Decent.Payments.Tests.In;

namespace Decent.Payments.Tests.Contracts;

public sealed class NewContractTests
{
    private static readonly DateTimeOffset Start = InWorld.Start;

    private static readonly (string Code, Func<NewContract, NewContract> Change)[] Refusals =
    [
        ("id_invalid", c => c with { Id = null }),
        ("id_invalid", c => c with { Id = "" }),
        ("id_invalid", c => c with { Id = "a/b" }),
        ("id_invalid", c => c with { Id = "a\n" }),
        ("id_invalid", c => c with { Id = new string('x', 65) }),
        ("provider_invalid", c => c with { ProviderId = "p p" }),
        ("provider_invalid", c => c with { ProviderId = null }),
        ("renter_invalid", c => c with { RenterId = "ü" }),
        ("amount_invalid", c => c with { Amount = null }),
        ("amount_invalid", c => c with { Amount = "" }),
        ("amount_invalid", c => c with { Amount = "1.5" }),
        ("amount_invalid", c => c with { Amount = "1e9" }),
        ("amount_invalid", c => c with { Amount = " 10000000" }),
        ("amount_invalid", c => c with { Amount = "010000000" }),
        ("amount_invalid", c => c with { Amount = "170141183460469231731687303715884105728" }),
        ("amount_invalid", c => c with { Amount = new string('9', 5000) }),
        ("amount_not_positive", c => c with { Amount = "0" }),
        ("amount_not_positive", c => c with { Amount = "-10000000" }),
        ("amount_not_chargeable", c => c with { Amount = "10000001" }),
        ("amount_not_chargeable", c => c with { Amount = "1500000000", Asset = "JPY" }),
        ("asset_unknown", c => c with { Asset = null }),
        ("asset_unknown", c => c with { Asset = "usd" }),
        ("asset_unknown", c => c with { Asset = "XXX" }),
        ("asset_unknown", c => c with { Asset = "ICP" }),
        ("window_invalid", c => c with { ServiceEnd = c.ServiceStart }),
        ("window_invalid", c => c with { ServiceEnd = c.ServiceStart.AddHours(-1) }),
        ("window_invalid", c => c with { ServiceStart = Start.AddDays(-9), ServiceEnd = Start }),
        ("window_invalid", c => c with { ServiceEnd = c.ServiceStart.AddDays(36600) }),
        ("deadline_invalid", c => c with { PaymentDeadline = Start }),
        ("deadline_invalid", c => c with { PaymentDeadline = c.ServiceEnd.AddSeconds(1) }),
        ("account_invalid", c => c with { RefundAccount = "" }),
        ("account_invalid", c => c with { RefundAccount = "not an account" }),
        ("account_invalid", c => c with { RefundAccount = Wrong(InWorld.Account) }),
        ("account_forbidden", c => c with { RefundAccount = "2vxsx-fae" }),
        ("account_forbidden", c => c with { RefundAccount = "aaaaa-aa" }),
        ("account_forbidden", c => c with { RefundAccount = "ryjl3-tyaaa-aaaaa-aaaba-cai" }),
    ];

    [Fact]
    public async Task Every_fault_of_a_contract_has_its_code_and_changes_nothing()
    {
        await using var world = await InWorld.CreateAsync();
        await world.ContractAsync("there-is-one");
        var before = await world.DigestAsync();
        foreach (var (code, change) in Refusals)
        {
            var order = change(InWorld.Order());
            var refused = await Assert.ThrowsAsync<RefusedException>(
                () => world.Contracts.CreateAsync(InWorld.Caller("key"), order, InWorld.Token));
            Assert.True(refused.Code == code, $"{order} was refused with {refused.Code}, expected {code}");
            Assert.Equal(RefusalKind.Invalid, refused.Kind);
        }

        Assert.Equal(before, await world.DigestAsync());
    }

    [Fact]
    public async Task An_id_is_taken_only_once()
    {
        await using var world = await InWorld.CreateAsync();
        await world.ContractAsync();
        var before = await world.DigestAsync();
        var refused = await Assert.ThrowsAsync<RefusedException>(() => world.ContractAsync());
        Assert.Equal(("contract_exists", RefusalKind.Conflict), (refused.Code, refused.Kind));
        Assert.Equal(before, await world.DigestAsync());
    }

    [Fact]
    public async Task A_good_contract_waits_for_its_payment()
    {
        await using var world = await InWorld.CreateAsync();
        var contract = await world.ContractAsync();
        Assert.Equal("awaiting_payment", contract.State);
        Assert.Equal(new AmountView("30000000000", "USD"), contract.Price);
        Assert.Equal(new AmountView("0", "USD"), contract.Paid);
        Assert.Equal(contract, await world.Contracts.GetAsync("c-1", InWorld.Token));
        Assert.Equal(["created"], (await world.Contracts.EventsAsync("c-1", InWorld.Token)).Select(e => e.Kind));
        Assert.Null(await world.Contracts.GetAsync("c-2", InWorld.Token));
    }

    [Fact]
    public async Task A_replayed_request_answers_the_same_contract()
    {
        await using var world = await InWorld.CreateAsync();
        var first = await world.Contracts.CreateAsync(InWorld.Caller("k"), InWorld.Order(), InWorld.Token);
        var before = await world.DigestAsync();
        var second = await world.Contracts.CreateAsync(InWorld.Caller("k"), InWorld.Order(), InWorld.Token);
        Assert.True(second.Replayed);
        Assert.Equal(first.Value, second.Value);
        Assert.Equal(before, await world.DigestAsync());
    }

    [Fact]
    public async Task Lists_page_through_every_contract_once()
    {
        await using var world = await InWorld.CreateAsync();
        for (var i = 0; i < 7; i++)
        {
            world.Clock.Advance(TimeSpan.FromMilliseconds(5));
            await world.ContractAsync($"c-{i}");
        }

        var seen = new List<string>();
        string? cursor = null;
        do
        {
            var page = await world.Contracts.ListAsync("awaiting_payment", new PageRequest(cursor, 3), InWorld.Token);
            seen.AddRange(page.Items.Select(c => c.Id));
            cursor = page.NextCursor;
        }
        while (cursor is not null);

        Assert.Equal(["c-6", "c-5", "c-4", "c-3", "c-2", "c-1", "c-0"], seen);
        Assert.Empty((await world.Contracts.ListAsync("active", new PageRequest(), InWorld.Token)).Items);
    }

    [Theory]
    [InlineData("paid", null, 50, "state_unknown")]
    [InlineData(null, null, 0, "limit_invalid")]
    [InlineData(null, null, 201, "limit_invalid")]
    [InlineData(null, "x'; drop table", 50, "cursor_invalid")]
    public async Task Wrong_list_parameters_have_their_codes(string? state, string? cursor, int limit, string code)
    {
        await using var world = await InWorld.CreateAsync();
        var refused = await Assert.ThrowsAsync<RefusedException>(
            () => world.Contracts.ListAsync(state, new PageRequest(cursor, limit), InWorld.Token));
        Assert.Equal((code, RefusalKind.Invalid), (refused.Code, refused.Kind));
    }

    private static string Wrong(string account) =>
        account[..^1] + (account[^1] == 'a' ? 'b' : 'a');
}
