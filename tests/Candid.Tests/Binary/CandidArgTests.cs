using System.Numerics;

namespace Decent.Candid.Tests.Binary;

public sealed class CandidArgTests
{
    private static readonly CandidType Account =
        CandidType.Record(("owner", CandidType.Principal), ("subaccount", CandidType.Opt(CandidType.Blob)));

    private static readonly CandidType TransferArg = CandidType.Record(
        ("from_subaccount", CandidType.Opt(CandidType.Blob)),
        ("to", Account),
        ("amount", CandidType.Nat),
        ("fee", CandidType.Opt(CandidType.Nat)),
        ("memo", CandidType.Opt(CandidType.Blob)),
        ("created_at_time", CandidType.Opt(CandidType.Nat64)));

    [Fact]
    public void Field_ids_are_the_published_hashes()
    {
        foreach (var one in VectorJson.Read("candid-field-hashes.json").GetProperty("hashes").EnumerateArray())
        {
            var hash = CandidLabel.Hash(one.GetProperty("name").GetString()!);
            Assert.Equal(one.GetProperty("id").GetUInt32(), hash);
            Assert.Equal(one.GetProperty("leb128").GetString(), Convert.ToHexStringLower(Leb128.Unsigned(hash)));
        }
    }

    [Fact]
    public void Simple_messages_have_fixed_bytes()
    {
        Assert.Equal("4449444c0000", Hex(CandidArg.Empty));
        Assert.Equal("4449444c00017d2a", Hex(CandidArg.Of((CandidType.Nat, new CandidValue.Nat(42)))));
        Assert.Equal(
            "4449444c016d7b01000301ff00",
            Hex(CandidArg.Of((CandidType.Blob, new CandidValue.Blob([1, 255, 0])))));
    }

    [Fact]
    public void A_balance_request_has_fixed_bytes()
    {
        var account = new CandidValue.Record(("owner", new CandidValue.Principal(Principal.Anonymous)));
        Assert.Equal(
            "4449444c03" + "6d7b" + "6e00" + "6c02b3b0dac30368ad86ca830501" + "0102" + "010104" + "00",
            Hex(CandidArg.Of((Account, account))));
    }

    [Fact]
    public void A_transfer_comes_back_as_it_went()
    {
        var value = new CandidValue.Record(
            ("to", new CandidValue.Record(
                ("owner", new CandidValue.Principal(Principal.FromText("ryjl3-tyaaa-aaaaa-aaaba-cai"))))),
            ("amount", new CandidValue.Nat(BigInteger.Pow(10, 30))),
            ("memo", CandidValue.Some(new CandidValue.Blob([1, 2, 3]))),
            ("created_at_time", CandidValue.Some(new CandidValue.Nat64(1_700_000_000_000_000_000))));
        var bytes = CandidArg.Of((TransferArg, value)).Encode();
        var back = CandidArg.Decode(bytes, TransferArg)[0];

        Assert.Equal(BigInteger.Pow(10, 30), back["amount"].AsNat());
        Assert.Equal([1, 2, 3], back["memo"].AsOpt()!.AsBlob());
        Assert.Null(back["fee"].AsOpt());
        Assert.Null(back["to"]["subaccount"].AsOpt());
        Assert.Equal(bytes, CandidArg.Of((TransferArg, back)).Encode());
        Assert.Equal(back, CandidArg.Decode(bytes)[0]);
    }

    [Fact]
    public void A_misspelled_or_missing_field_is_not_written()
    {
        var misspelled = new CandidValue.Record(
            ("owner", new CandidValue.Principal(Principal.Anonymous)), ("sub_account", CandidValue.None));
        Assert.Throws<CandidEncodeException>(() => CandidArg.Of((Account, misspelled)).Encode());
        Assert.Throws<CandidEncodeException>(() => CandidArg.Of((Account, new CandidValue.Record())).Encode());
        Assert.Throws<CandidEncodeException>(
            () => CandidArg.Of((CandidType.Nat64, new CandidValue.Nat(1))).Encode());
    }

    [Fact]
    public void A_fault_names_its_place()
    {
        var type = CandidType.Variant(("Ok", CandidType.Vec(CandidType.Record(("id", CandidType.Nat)))));
        var wire = CandidType.Variant(("Ok", CandidType.Vec(CandidType.Record(("id", CandidType.Text)))));
        var value = OkWithId(new CandidValue.Text("x"));
        var fault = Assert.Throws<CandidDecodeException>(
            () => CandidArg.Decode(CandidArg.Of((wire, value)).Encode(), type));
        Assert.Equal("arg[0].Ok[0].id", fault.Path);
        Assert.Equal("text where nat is expected", fault.Reason);

        var cut = CandidArg.Of((type, OkWithId(new CandidValue.Nat(300)))).Encode()[..^1];
        fault = Assert.Throws<CandidDecodeException>(() => CandidArg.Decode(cut, type));
        Assert.Equal("arg[0].Ok[0].id", fault.Path);
        Assert.Equal(cut.Length, fault.Offset);
    }

    [Fact]
    public void A_recursive_type_goes_both_ways()
    {
        var list = CandidType.Rec(self => CandidType.Opt(CandidType.Record(("head", CandidType.Int), ("tail", self))));
        CandidValue value = CandidValue.None;
        for (var i = 0; i < 100; i++)
        {
            value = CandidValue.Some(new CandidValue.Record(("head", new CandidValue.Int(-i)), ("tail", value)));
        }

        var bytes = CandidArg.Of((list, value)).Encode();
        Assert.Equal(value, CandidArg.Decode(bytes, list)[0]);
        Assert.Equal(value, CandidArg.Decode(bytes)[0]);
    }

    [Fact]
    public void What_does_not_fit_an_option_reads_as_absent_and_the_rest_survives()
    {
        var wire = CandidType.Tuple(
            CandidType.Opt(CandidType.Tuple(CandidType.Text, CandidType.Variant(("New", CandidType.Nat)))),
            CandidType.Nat8);
        var bytes = CandidArg.Of((wire, CandidValue.Tuple(
            CandidValue.Some(CandidValue.Tuple(
                new CandidValue.Text("a"), new CandidValue.Variant("New", new CandidValue.Nat(1)))),
            new CandidValue.Nat8(7)))).Encode();
        var expected = CandidType.Tuple(
            CandidType.Opt(CandidType.Tuple(CandidType.Text, CandidType.Variant(("Old", CandidType.Nat)))),
            CandidType.Nat8);
        var back = CandidArg.Decode(bytes, expected)[0];
        Assert.Null(back[0].AsOpt());
        Assert.Equal(new CandidValue.Nat8(7), back[1]);
    }

    private static CandidValue.Variant OkWithId(CandidValue id) =>
        new("Ok", new CandidValue.Vec([new CandidValue.Record(("id", id))]));

    private static string Hex(CandidArg arg) => Convert.ToHexStringLower(arg.Encode());
}
