namespace Decent.Candid.Tests.Binary;

public sealed class ReferenceTests
{
    private const string Canister = "0103caffee";

    private static readonly CandidType TextToNat = CandidType.Func([CandidType.Text], [CandidType.Nat]);

    [Theory]
    [InlineData("a principal without a tag", "4449444c00016803caffee")]
    [InlineData("an opaque principal", "4449444c00016800")]
    [InlineData(
        "a principal of 30 bytes",
        "4449444c000168011e000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("a principal that ends early", "4449444c0001680103caff")]
    [InlineData("a function without a tag", "4449444c016a000000010000" + Canister + "03666f6f")]
    [InlineData("a function with a wrong service tag", "4449444c016a00000001000100" + "03caffee" + "03666f6f")]
    [InlineData("a function whose name is not UTF-8", "4449444c016a000000010001" + Canister + "03e228a1")]
    [InlineData("an unknown annotation", "4449444c016a00000104010001" + Canister + "03666f6f")]
    [InlineData("two annotations", "4449444c016a0000020101010001" + Canister + "03666f6f")]
    [InlineData("a service with a method that is no function", "4449444c01690103666f6f7d0100" + Canister)]
    [InlineData("a service with one method twice", "4449444c026a00000069020161000161000101" + Canister)]
    [InlineData("a service outside the table", "4449444c000169" + Canister)]
    [InlineData("a function with a service outside the table", "4449444c016a01690000010001" + Canister + "03666f6f")]
    public void Malformed_references_are_refused_wherever_they_stand(string what, string hex)
    {
        var bytes = Convert.FromHexString(hex);
        Assert.True(Throws(() => CandidArg.Decode(bytes)), what);
        Assert.True(Throws(() => CandidArg.Decode(bytes, [])), what);
        Assert.True(Throws(() => CandidArg.Decode(bytes, CandidType.Reserved)), what);
        Assert.True(Throws(() => CandidArg.Decode(bytes, CandidType.Opt(CandidType.Text))), what);
    }

    [Theory]
    [InlineData("01", CandidFuncMode.Query)]
    [InlineData("02", CandidFuncMode.Oneway)]
    [InlineData("03", CandidFuncMode.CompositeQuery)]
    public void An_annotation_must_be_the_expected_one(string code, CandidFuncMode mode)
    {
        var bytes = Convert.FromHexString("4449444c016a000001" + code + "010001" + Canister + "03666f6f");
        var func = new CandidValue.Func(Principal.FromText("w7x7r-cok77-xa"), "foo");
        Assert.Equal(func, CandidArg.Decode(bytes, CandidType.Func([], [], mode))[0]);
        Assert.Throws<CandidDecodeException>(() => CandidArg.Decode(bytes, CandidType.Func([], [])));
        Assert.Equal(CandidValue.None, CandidArg.Decode(bytes, CandidType.Opt(CandidType.Func([], [])))[0]);
        Assert.Equal(bytes, CandidArg.Of((CandidType.Func([], [], mode), func)).Encode());
    }

    [Fact]
    public void A_service_reads_as_a_principal_and_not_the_other_way_round()
    {
        var service = CandidArg.Of((CandidType.Service(), new CandidValue.Service(Principal.Anonymous))).Encode();
        Assert.Equal(
            new CandidValue.Principal(Principal.Anonymous), CandidArg.Decode(service, CandidType.Principal)[0]);
        var principal = CandidArg.Of((CandidType.Principal, new CandidValue.Principal(Principal.Anonymous))).Encode();
        Assert.Throws<CandidDecodeException>(() => CandidArg.Decode(principal, CandidType.Service()));
    }

    [Fact]
    public void Functions_take_less_and_give_more()
    {
        var anyToNat = CandidType.Func([CandidType.Reserved], [CandidType.Nat]);
        var textToInt = CandidType.Func([CandidType.Text], [CandidType.Int]);
        var nothingToBoth = CandidType.Func([], [CandidType.Nat, CandidType.Text]);
        var twoToNat = CandidType.Func([CandidType.Text, CandidType.Text], [CandidType.Nat]);
        var optionalToNat = CandidType.Func([CandidType.Text, CandidType.Opt(CandidType.Text)], [CandidType.Nat]);

        Assert.True(CandidTypes.IsSubtype(anyToNat, TextToNat));
        Assert.False(CandidTypes.IsSubtype(TextToNat, anyToNat));
        Assert.True(CandidTypes.IsSubtype(TextToNat, textToInt));
        Assert.False(CandidTypes.IsSubtype(textToInt, TextToNat));
        Assert.True(CandidTypes.IsSubtype(nothingToBoth, TextToNat));
        Assert.False(CandidTypes.IsSubtype(TextToNat, nothingToBoth));
        Assert.False(CandidTypes.IsSubtype(twoToNat, TextToNat));
        Assert.True(CandidTypes.IsSubtype(optionalToNat, TextToNat));
    }

    [Fact]
    public void Services_may_have_more_methods_than_expected()
    {
        var wide = CandidType.Service(("a", TextToNat), ("b", TextToNat));
        var narrow = CandidType.Service(("a", TextToNat));
        Assert.True(CandidTypes.IsSubtype(wide, narrow));
        Assert.False(CandidTypes.IsSubtype(narrow, wide, out var why));
        Assert.Equal("service has no method 'b'", why);

        var bytes = CandidArg.Of((wide, new CandidValue.Service(Principal.Anonymous))).Encode();
        Assert.IsType<CandidValue.Service>(CandidArg.Decode(bytes, narrow)[0]);
        bytes = CandidArg.Of((narrow, new CandidValue.Service(Principal.Anonymous))).Encode();
        Assert.Throws<CandidDecodeException>(() => CandidArg.Decode(bytes, wide));
    }

    [Fact]
    public void Recursive_types_compare_by_what_they_unfold_to()
    {
        var list = CandidType.Rec(self => CandidType.Opt(CandidType.Record(("head", CandidType.Nat), ("tail", self))));
        var twice = CandidType.Rec(self => CandidType.Opt(CandidType.Record(
            ("head", CandidType.Nat),
            ("tail", CandidType.Opt(CandidType.Record(("head", CandidType.Nat), ("tail", self)))))));
        var ints = CandidType.Rec(self => CandidType.Vec(CandidType.Record(("head", CandidType.Int), ("tail", self))));
        var nats = CandidType.Rec(self => CandidType.Vec(CandidType.Record(("head", CandidType.Nat), ("tail", self))));
        Assert.True(CandidTypes.AreEqual(list, twice));
        Assert.False(CandidTypes.AreEqual(ints, nats));
        Assert.True(CandidTypes.IsSubtype(nats, ints));
        Assert.False(CandidTypes.IsSubtype(ints, nats));
        Assert.False(CandidTypes.AreEqual(list, CandidType.Nat));
    }

    [Fact]
    public void Values_of_types_to_come_are_passed_over()
    {
        // Table: one future type (code -25) with two bytes of its own; value: three bytes, no references; then 42.
        var bytes = Convert.FromHexString("4449444c016702aabb0200" + "7d" + "0300010203" + "2a");
        Assert.Equal(42, CandidArg.Decode(bytes, CandidType.Reserved, CandidType.Nat)[1].AsNat());
        Assert.Equal(CandidValue.None, CandidArg.Decode(bytes, CandidType.Opt(CandidType.Text), CandidType.Nat)[0]);
        Assert.Equal(42, CandidArg.Decode(bytes)[1].AsNat());
        Assert.Throws<CandidDecodeException>(() => CandidArg.Decode(bytes, CandidType.Text, CandidType.Nat));
    }

    [Fact]
    public void Methods_are_written_in_the_order_of_their_utf8_bytes()
    {
        // In UTF-16 the second name, beyond the basic plane, would come first.
        var type = CandidType.Service(("\U0001F402", TextToNat), ("\uFFFD", TextToNat));
        Assert.Equal(["\uFFFD", "\U0001F402"], type.Methods.Select(m => m.Name));
        CandidArg.Decode(CandidArg.Of((type, new CandidValue.Service(Principal.Anonymous))).Encode());
    }

    private static bool Throws(Func<CandidArg> decode)
    {
        try
        {
            decode();
            return false;
        }
        catch (CandidDecodeException)
        {
            return true;
        }
    }
}
