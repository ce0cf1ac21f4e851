using System.Text;
using CsCheck;
using Decent.Ledger.Books;
using Decent.Ledger.Journal;
using Decent.Testing;
using static Decent.Ledger.Tests.Assets;

namespace Decent.Ledger.Tests.Journal;

/// <summary>The expected bytes were written down by hand from the description, in another language.</summary>
public sealed class CanonicalEncodingTests
{
    private static readonly DateTimeOffset RecordedAt = new(2026, 3, 1, 12, 0, 1, TimeSpan.Zero);

    private static readonly Posting Settled = new()
    {
        Id = Guid.Parse("0195500f-0000-7000-8000-000000000001"),
        IdempotencyKey = "collection:c-1",
        Reason = "collection_settled",
        EffectiveAt = new DateTimeOffset(2026, 3, 1, 12, 0, 0, 123, 456, TimeSpan.Zero),
        Authority = PostingAuthority.Fact,
        Legs =
        [
            Leg.Debit("rail/stripe/clearing", Dollars(12_500_000_000)),
            Leg.Credit("contract/c-1/escrow", Dollars(12_500_000_000)),
        ],
        Links = [new Link("contract", "c-1"), new Link("webhook", "é€😀")],
        Settles = [new HoldSettlement(Guid.Parse("0195500f-0000-7000-8000-0000000000aa"), Dollars(Int128.MaxValue), true)],
    };

    private static readonly HoldPlacement Placed = new()
    {
        Id = Guid.Parse("0195500f-0000-7000-8000-000000000002"),
        IdempotencyKey = "hold:p-1",
        Reason = "payout_prepared",
        Account = "provider/p-1/payable",
        Amount = Dollars(1),
    };

    private static readonly HoldRelease Released = new()
    {
        HoldId = Guid.Parse("0195500f-0000-7000-8000-000000000002"),
        IdempotencyKey = "void:p-1",
        Reason = "payout_refused",
        Evidence = "certificate 12",
    };

    [Fact]
    public void A_posting_has_its_golden_form_and_hash()
    {
        Assert.Equal(
            "01010000000e636f6c6c656374696f6e3a632d3100000012636f6c6c656374696f6e5f736574746c65640000000200000008636f6e74"
            + "7261637400000003632d3100000007776562686f6f6b00000009c3a9e282acf09f988000064bf535b0f2400100000002000000147261"
            + "696c2f7374726970652f636c656172696e6700000003555344000000000000000000000002e90edd0000000013636f6e74726163742f"
            + "632d312f657363726f7700000003555344fffffffffffffffffffffffd16f12300000000010195500f0000700080000000000000aa00"
            + "0000035553447fffffffffffffffffffffffffffffff01",
            Convert.ToHexStringLower(CanonicalEncoding.Body(Settled)));
        Assert.Equal(
            "0700a1083d30a4e9d8a35b5e6a7a2bab7fead86693871b6b93296418598e31b7",
            Convert.ToHexStringLower(CanonicalEncoding.Hash(CanonicalEncoding.Body(Settled))));
        Assert.Equal("b7b3b1910a92e2317490ebd148b6c4b05dfdacec46ddab2d8cba7da2c32f4b12", HashOf(Settled));
    }

    [Fact]
    public void Holds_have_their_golden_forms_and_hashes()
    {
        Assert.Equal(
            "010200000008686f6c643a702d310000000f7061796f75745f7072657061726564000000000000001470726f76696465722f702d312f"
            + "70617961626c650000000355534400000000000000000000000000000001",
            Convert.ToHexStringLower(CanonicalEncoding.Body(Placed)));
        Assert.Equal("c62dfdfbb0e9795ca29c91216e6cc678af920fa41d74e306ef01a32c2010aafe", HashOf(Placed));
        Assert.Equal(
            "010300000008766f69643a702d310000000e7061796f75745f72656675736564000000000195500f0000700080000000000000020000"
            + "000e6365727469666963617465203132",
            Convert.ToHexStringLower(CanonicalEncoding.Body(Released)));
        Assert.Equal("413d30e380a288a86a6befc90abf4579de115b6c370453911fdedbb9d923107d", HashOf(Released));
    }

    [Fact]
    public void Every_part_of_a_posting_but_its_id_changes_the_body()
    {
        var body = Convert.ToHexString(CanonicalEncoding.Body(Settled));
        Posting[] others =
        [
            Settled with { IdempotencyKey = "collection:c-2" },
            Settled with { Reason = "other" },
            Settled with { EffectiveAt = Settled.EffectiveAt.AddMicroseconds(1) },
            Settled with { Authority = PostingAuthority.Intent },
            Settled with { Legs = [Settled.Legs[1], Settled.Legs[0]] },
            Settled with { Legs = [Settled.Legs[0] with { Account = "rail/stripe/clearin" }, Settled.Legs[1]] },
            Settled with { Links = [.. Settled.Links.Take(1)] },
            Settled with { Settles = [] },
            Settled with { Settles = [Settled.Settles[0] with { CloseRemainder = false }] },
        ];

        Assert.All(others, other => Assert.NotEqual(body, Convert.ToHexString(CanonicalEncoding.Body(other)), StringComparer.Ordinal));
        Assert.Equal(body, Convert.ToHexString(CanonicalEncoding.Body(Settled with { Id = Guid.NewGuid() })), StringComparer.Ordinal);
        Assert.NotEqual(HashOf(Settled), HashOf(Settled with { Id = Guid.NewGuid() }), StringComparer.Ordinal);
    }

    [Fact]
    public void Moving_a_character_between_neighbouring_texts_changes_the_form() =>
        Gen.Select(Gen.String[Gen.Char['a', 'c'], 0, 6], Gen.String[Gen.Char['a', 'c'], 0, 6], Gen.String[Gen.Char['a', 'c'], 0, 6], Gen.String[Gen.Char['a', 'c'], 0, 6]).Sample(
            (a, b, c, d) =>
            {
                var left = Convert.ToHexString(CanonicalEncoding.Body(Placed with { Links = [new Link(a, b)] }));
                var right = Convert.ToHexString(CanonicalEncoding.Body(Placed with { Links = [new Link(c, d)] }));
                return left == right == (a == c && b == d);
            },
            iter: Deep.Count(2_000));

    [Fact]
    public void Time_is_cut_to_microseconds_towards_the_past()
    {
        var instant = new DateTimeOffset(1969, 12, 31, 23, 59, 59, TimeSpan.Zero).AddTicks(19);

        Assert.Equal(10, CanonicalEncoding.Microseconds(instant).Ticks % 100);
        Assert.Equal(TimeSpan.Zero, CanonicalEncoding.Microseconds(new DateTimeOffset(2026, 1, 1, 1, 0, 0, TimeSpan.FromHours(1))).Offset);
    }

    [Fact]
    public void A_text_that_is_no_Unicode_has_no_form() =>
        Assert.ThrowsAny<EncoderFallbackException>(() => CanonicalEncoding.Body(Placed with { Reason = "\ud800" }));

    private static string HashOf(BooksOperation operation) =>
        Convert.ToHexStringLower(CanonicalEncoding.Hash(CanonicalEncoding.Record(operation, RecordedAt)));
}
