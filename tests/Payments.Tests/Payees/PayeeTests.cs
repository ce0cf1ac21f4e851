using Decent.Candid;
using Decent.Canister.Client;
using Decent.Payments.Commands;
using Decent.Payments.Tests.Transfers;

namespace Decent.Payments.Tests.Payees;

public sealed class PayeeTests(PayoutDatabase fixture) : IClassFixture<PayoutDatabase>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_account_that_cannot_or_must_not_be_paid_is_refused()
    {
        var world = await fixture.WorldAsync();
        await using var host = world.Host();
        var good = PayoutWorld.NewAccount();
        var withSubaccount = new IcrcAccount(good.Owner, Enumerable.Range(1, 32).Select(static i => (byte)i).ToArray()).ToString();
        var wrongChecksum = withSubaccount.Replace('.', 'x').Insert(withSubaccount.IndexOf('.', StringComparison.Ordinal), ".");
        var cases = new (string Account, string Code)[]
        {
            ("", "account_invalid"),
            ("not an account", "account_invalid"),
            (good + "x", "account_invalid"),
            (wrongChecksum, "account_invalid"),
            (new IcrcAccount(Principal.Anonymous).ToString(), "account_forbidden"),
            (new IcrcAccount(Principal.ManagementCanister).ToString(), "account_forbidden"),
            (new IcrcAccount(world.Icp.LedgerCanister!).ToString(), "account_forbidden"),
            (FakeLedger.MintingAccount.ToString(), "account_forbidden"),
            (world.Wallet.ToString(), "account_forbidden"),
            (new IcrcAccount(world.Wallet.Owner, IcrcAccount.SubaccountOf(good.Owner)).ToString(), "account_forbidden"),
        };
        foreach (var (account, code) in cases)
        {
            var refused = await Assert.ThrowsAsync<RefusedException>(
                () => host.Payees.SetAccountAsync(PayoutWorld.As("p"), "prov", "ICP", account, Ct));
            Assert.Equal((code, RefusalKind.Invalid), (refused.Code, refused.Kind));
        }

        Assert.Null(await host.Payees.GetAsync("prov", "ICP", Ct));
    }

    [Fact]
    public async Task An_unknown_token_or_a_bad_provider_id_is_refused()
    {
        var world = await fixture.WorldAsync();
        await using var host = world.Host();
        var account = PayoutWorld.NewAccount().ToString();
        foreach (var (provider, asset, code) in new[]
                 {
                     ("prov", "USD", "asset_unknown"), ("prov", "DOGE", "asset_unknown"),
                     ("a/b", "ICP", "provider_invalid"), ("", "ICP", "provider_invalid"),
                 })
        {
            var refused = await Assert.ThrowsAsync<RefusedException>(
                () => host.Payees.SetAccountAsync(PayoutWorld.As("p"), provider, asset, account, Ct));
            Assert.Equal(code, refused.Code);
        }
    }

    [Fact]
    public async Task A_zero_subaccount_is_kept_as_none()
    {
        var world = await fixture.WorldAsync();
        await using var host = world.Host();
        var owner = PayoutWorld.NewAccount().Owner;
        var set = await host.Payees.SetAccountAsync(
            PayoutWorld.As("p"), "prov", "DCT", new IcrcAccount(owner, new byte[32]).ToString(), Ct);
        Assert.Equal(owner.ToText(), set.Value.Account);
    }

    [Fact]
    public async Task A_change_is_a_new_version_and_the_same_account_again_is_none()
    {
        var world = await fixture.WorldAsync();
        await using var host = world.Host();
        var (first, second) = (PayoutWorld.NewAccount().ToString(), PayoutWorld.NewAccount().ToString());
        foreach (var (account, version) in new[] { (first, 1), (first, 1), (second, 2), (first, 3) })
        {
            var set = await host.Payees.SetAccountAsync(PayoutWorld.As("p"), "prov", "ICP", account, Ct);
            Assert.Equal((account, version), (set.Value.Account, set.Value.Version));
        }

        var listed = Assert.Single(await host.Payees.ListAsync("prov", Ct));
        Assert.Equal((first, 3), (listed.Account, listed.Version));
    }

    [Fact]
    public async Task A_ledger_that_does_not_answer_leaves_the_account_unset()
    {
        var world = await fixture.WorldAsync();
        await using var host = world.Host();
        world.Ledgers["ICP"].ReadFails = static () => true;
        var refused = await Assert.ThrowsAsync<RefusedException>(() => host.Payees.SetAccountAsync(
            PayoutWorld.As("p"), "prov", "ICP", PayoutWorld.NewAccount().ToString(), Ct));
        Assert.Equal(("ledger_unavailable", RefusalKind.Unavailable), (refused.Code, refused.Kind));
    }
}
