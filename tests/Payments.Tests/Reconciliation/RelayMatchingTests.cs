using Decent.Ledger;
using Decent.Ledger.Books;
using Decent.Payments.Reconciliation;

namespace Decent.Payments.Tests.Reconciliation;

public sealed class RelayMatchingTests
{
    private static readonly Asset Usdt = Asset.Token("ckUSDT", 6, Decent.Candid.Principal.FromBytes([3, 1, 1]));

    [Fact]
    public void Equal_amounts_pair_up_in_any_order_and_the_rest_remains() =>
        Assert.Equal([7, -4], Unmatched(5, -5, -4, 7, 3, 5, -3, -5));

    [Fact]
    public void Other_accounts_and_assets_do_not_count() =>
        Assert.Empty(RelayMatching.Unmatched("rail/other/clearing", Usdt, Postings(5, 6)));

    private static IEnumerable<int> Unmatched(params int[] amounts) =>
        RelayMatching.Unmatched("rail/icpay/clearing", Usdt, Postings(amounts))
            .Select(static e => (int)e.Amount).OrderDescending();

    private static IEnumerable<PostingRecord> Postings(params int[] amounts) => amounts.Select((amount, i) =>
        new PostingRecord(
            i,
            Guid.NewGuid(),
            "k",
            "r",
            DateTimeOffset.UnixEpoch.AddSeconds(i),
            DateTimeOffset.UnixEpoch.AddSeconds(i),
            [new Leg("rail/icpay/clearing", new Money(Usdt, amount)), new Leg("fx/ckUSDT", new Money(Usdt, -amount))],
            [],
            new byte[32]));
}
