using Decent.Replica.Ledgers;

namespace Decent.Replica.Tests.Ledgers;

/// <summary>The ICP ledger: identifiers, resolved deduplication, chained blocks.</summary>
public sealed class IcpLedgerTests
{
    private const ulong Now = 1_770_000_000_000_000_000;

    private readonly TokenLedger ledger = new(Genesis.IcpSettings(null));

    [Fact]
    public void A_block_of_the_real_chain_is_encoded_bit_by_bit()
    {
        // A minting block of May 2021.
        const string Parent = "ffca0ecf5e837541c7ee5be431e433ad8e972a7f371e86fbe4f8ad646c7cbcea";
        const string Published =
            "0a220a20" + Parent + "120a08d3e591b0de89a4be16"
            + "1a3d122d12220a2074ec82f5e0d8052aa11dc748249bdd0aec29d628199eeeefadd0138f8b1b1059"
            + "1a0708ede0d2df8809" + "2200" + "320a08d3e591b0de89a4be16";
        var message = new ProtocolMessage()
            .Message(1, new ProtocolMessage().Bytes(1, Convert.FromHexString(Parent)))
            .Message(2, new ProtocolMessage().Number(1, 1_620_328_630_192_468_691))
            .Message(3, new ProtocolMessage()
                .Message(2, new ProtocolMessage()
                    .Message(2, new ProtocolMessage().Bytes(1, Convert.FromHexString(
                        "74ec82f5e0d8052aa11dc748249bdd0aec29d628199eeeefadd0138f8b1b1059")))
                    .Message(3, new ProtocolMessage().Number(1, 311_585_714_285)))
                .Message(4, new ProtocolMessage())
                .Message(6, new ProtocolMessage().Number(1, 1_620_328_630_192_468_691)));
        Assert.Equal(Published, Convert.ToHexStringLower(message.ToArray()));
    }

    [Fact]
    public void A_minting_block_has_the_fields_of_the_real_chain()
    {
        _ = ledger.Mint(TestAccounts.Account("a"), 311_585_714_285, null, Now);
        var hex = Convert.ToHexStringLower(IcpBlockEncoding.Block(ledger.Blocks[0]));
        var identifier = TestAccounts.Account("a").Identifier;
        Assert.StartsWith("120a08", hex, StringComparison.Ordinal);
        var expected = "1a3d122d12220a20" + identifier + "1a0708ede0d2df8809" + "2200" + "320a08";
        Assert.Contains(expected, hex, StringComparison.Ordinal);
    }

    [Fact]
    public void A_fee_left_out_and_the_same_fee_given_are_one_transfer_here()
    {
        _ = ledger.Mint(TestAccounts.Account("a"), 1_000_000_000, null, Now);
        var request = new TransferRequest(
            TestAccounts.Account("a"), TestAccounts.Account("b"), 5, null, [1], Now);
        var first = Assert.IsType<TransferVerdict.Ok>(ledger.Transfer(request, Now));
        Assert.Equal(new TransferVerdict.Duplicate(first.Block), ledger.Transfer(request with { Fee = 10_000 }, Now));
        Assert.Equal(
            new TransferVerdict.Duplicate(first.Block),
            ledger.Transfer(request with { To = TestAccounts.Account("b", new byte[32]) }, Now));
        Assert.IsType<TransferVerdict.Ok>(ledger.Transfer(request with { Memo = null }, Now));
        Assert.IsType<TransferVerdict.Ok>(ledger.Transfer(request with { Memo = [] }, Now));
    }

    [Fact]
    public void More_than_64_bits_can_never_be_paid()
    {
        _ = ledger.Mint(TestAccounts.Account("a"), 1_000_000_000, null, Now);
        var request = new TransferRequest(
            TestAccounts.Account("a"), TestAccounts.Account("b"), (UInt128)ulong.MaxValue + 1, null, null, Now);
        Assert.Equal(new TransferVerdict.InsufficientFunds(1_000_000_000), ledger.Transfer(request, Now));
        Assert.Equal(
            new TransferVerdict.InsufficientFunds(1_000_000_000),
            ledger.Transfer(request with { Amount = ulong.MaxValue }, Now));
    }
}
