using CsCheck;
using Decent.Canister.Client;
using Decent.Replica.Canisters;
using Decent.Replica.Ledgers;
using Decent.Testing;

namespace Decent.Replica.Tests.Ledgers;

/// <summary>The order and windows of the platform canister's ledger, and its entries.</summary>
public sealed class PlatformLedgerTests
{
    private const ulong Second = 1_000_000_000;
    private const ulong Day = 86_400 * Second;
    private const ulong Now = 1_770_000_000 * Second;
    private const ulong Fee = 1_000_000;

    private readonly TokenLedger ledger = new(Genesis.PlatformSettings);

    [Fact]
    public void Funds_are_checked_before_fee_and_duplicate()
    {
        _ = ledger.Mint(TestAccounts.Account("a"), 3 * Fee, null, Now);
        Assert.IsType<TransferVerdict.Ok>(Send(2 * Fee, null, Now));

        // The retry is a duplicate, but the first attempt spent the money: this ledger says the latter.
        Assert.IsType<TransferVerdict.InsufficientFunds>(Send(2 * Fee, null, Now));
        Assert.IsType<TransferVerdict.InsufficientFunds>(Send(2 * Fee, fee: 5, Now));
    }

    [Fact]
    public void A_missing_memo_or_fee_is_the_same_transfer_as_the_default_written_out()
    {
        _ = ledger.Mint(TestAccounts.Account("a"), 100 * Fee, null, Now);
        var first = Assert.IsType<TransferVerdict.Ok>(Send(Fee, null, Now, memo: null));
        Assert.Equal(new TransferVerdict.Duplicate(first.Block), Send(Fee, Fee, Now, memo: []));
    }

    [Fact]
    public void There_is_no_hole_between_duplicate_and_too_old()
    {
        _ = ledger.Mint(TestAccounts.Account("a"), 100 * Fee, null, Now);
        var first = Assert.IsType<TransferVerdict.Ok>(Send(Fee, null, Now));
        var last = Now + Day + (120 * Second);
        Assert.Equal(new TransferVerdict.Duplicate(first.Block), Send(Fee, null, Now, at: last));
        Assert.IsType<TransferVerdict.TooOld>(Send(Fee, null, Now, at: last + 1));
    }

    [Fact]
    public void Two_minutes_ahead_are_accepted_and_one_nanosecond_more_is_not()
    {
        _ = ledger.Mint(TestAccounts.Account("a"), 100 * Fee, null, Now);
        Assert.IsType<TransferVerdict.CreatedInFuture>(Send(Fee, null, Now + (120 * Second) + 1, at: Now));
        Assert.IsType<TransferVerdict.Ok>(Send(Fee, null, Now + (120 * Second), at: Now));
    }

    [Fact]
    public void A_burn_needs_an_explicit_fee_of_zero()
    {
        _ = ledger.Mint(TestAccounts.Account("a"), 100 * Fee, null, Now);
        var burn = new TransferRequest(
            TestAccounts.Account("a"), Genesis.PlatformSettings.MintingAccount, 2 * Fee, null, null, Now);
        Assert.Equal(new TransferVerdict.BadFee(0), ledger.Transfer(burn, Now));
        Assert.IsType<TransferVerdict.Ok>(ledger.Transfer(burn with { Fee = 0 }, Now));
        Assert.Equal((UInt128)(98 * Fee), ledger.TotalSupply);
    }

    [Fact]
    public void A_memo_of_more_than_32_bytes_traps() =>
        Assert.Throws<CanisterTrapException>(() => Send(Fee, null, Now, memo: new byte[33]));

    [Fact]
    public void The_sender_knows_the_transaction_id_before_it_sends()
    {
        _ = ledger.Mint(TestAccounts.Account("a"), 100 * Fee, null, Now);
        var memo = new byte[32];
        memo[3] = 7;
        var expected = PlatformTransfer.TransactionId(
            TestAccounts.Account("a").Account, TestAccounts.Account("b").Account, 5, Fee, memo, Now);
        Assert.IsType<TransferVerdict.Ok>(Send(5, null, Now, memo));
        Assert.Equal(expected, ledger.Blocks[^1].TransactionId);
    }

    [Fact]
    public void An_entry_says_after_reading_what_it_said_before_writing() =>
        Gen.Select(
                Gen.Byte.Array[1, 29],
                Gen.Byte.Array[32].Null(),
                Gen.ULong,
                Gen.ULong.Nullable(),
                Gen.Byte.Array[0, 32])
            .Sample(
                (owner, subaccount, amount, fee, memo) =>
                {
                    var from = new IcrcAccount(
                        Decent.Candid.Principal.FromBytes(owner),
                        subaccount is null ? null : (ReadOnlyMemory<byte>?)subaccount);
                    var to = TestAccounts.Account("b").Account;
                    var transfer = new PlatformTransfer(from, to, fee, amount, memo, amount, 1, 2);
                    var back = PlatformTransfer.Decode(transfer.Encode());
                    return back.From.Equals(from) && back.To.Equals(to) && back.Fee == fee
                        && back.Amount == amount && back.Memo.Span.SequenceEqual(memo);
                },
                iter: Deep.Count(200));

    [Fact]
    public void A_damaged_entry_is_refused_and_never_misread()
    {
        var entry = new PlatformTransfer(
            TestAccounts.Account("a").Account, TestAccounts.Account("b").Account, 1, 2, new byte[4], 3, 4, 5).Encode();
        for (var length = 0; length < entry.Length; length++)
        {
            Assert.Throws<FormatException>(() => PlatformTransfer.Decode(entry.AsMemory(0, length)));
        }

        Assert.Throws<FormatException>(() => PlatformTransfer.Decode((byte[])[.. entry, 0]));
    }

    private TransferVerdict Send(
        UInt128 amount, UInt128? fee, ulong created, byte[]? memo = null, ulong? at = null) => ledger.Transfer(
            new TransferRequest(
                TestAccounts.Account("a"), TestAccounts.Account("b"), amount, fee, memo, created),
            at ?? Now);
}
