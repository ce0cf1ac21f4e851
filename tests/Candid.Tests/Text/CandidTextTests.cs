using System.Numerics;
using Decent.Candid.Parsing;

namespace Decent.Candid.Tests.Text;

public sealed class CandidTextTests
{
    [Theory]
    [InlineData("42", "int", "42")]
    [InlineData("-1_000", "int", "-1_000")]
    [InlineData("0xff", "nat", "255 : nat")]
    [InlineData("1_000_000 : nat64", "nat64", "1_000_000 : nat64")]
    [InlineData("5", "nat8", "5 : nat8")]
    [InlineData("1.5", "float64", "1.5")]
    [InlineData("2", "float64", "2.0")]
    [InlineData("1e3", "float32", "1000.0 : float32")]
    [InlineData("nan", "float64", "nan")]
    [InlineData("-inf", "float64", "-inf")]
    [InlineData("\"a\\n\\u{2603}\\e2\\98\\83\"", "text", "\"a\\n☃☃\"")]
    [InlineData("blob \"\\00a\\\"\\ff\"", "blob", "blob \"\\00a\\22\\ff\"")]
    [InlineData("vec { 1; 2 }", "blob", "blob \"\\01\\02\"")]
    [InlineData("vec { 1; 2; }", "vec nat", "vec { 1 : nat; 2 : nat }")]
    [InlineData("opt opt null", "opt opt null", "opt opt null")]
    [InlineData("opt 5", "opt nat", "opt (5 : nat)")]
    [InlineData("5 : nat", "opt int", "opt 5")]
    [InlineData("null", "opt nat", "null")]
    [InlineData("\"x\"", "opt nat", "null")]
    [InlineData("\"x\"", "reserved", "null : reserved")]
    [InlineData("record { 1; \"b\" = true; 7 = null; false }", "record { 0 : int; 7 : null; 8 : bool; b : bool }",
        "record { 1; 7 = null; 8 = false; b = true }")]
    [InlineData("variant { Ok = 5 }", "variant { Ok : nat; Err : text }", "variant { Ok = 5 : nat }")]
    [InlineData("variant { \"a b\" }", "variant { \"a b\" }", "variant { \"a b\" }")]
    [InlineData("principal \"2vxsx-fae\"", "principal", "principal \"2vxsx-fae\"")]
    [InlineData("service \"2vxsx-fae\"", "service {}", "service \"2vxsx-fae\"")]
    [InlineData("service \"2vxsx-fae\"", "principal", "principal \"2vxsx-fae\"")]
    [InlineData("func \"2vxsx-fae\".\"query\"", "func () -> ()", "func \"2vxsx-fae\".\"query\"")]
    public void A_text_reads_at_a_type_and_prints(string text, string type, string printed)
    {
        var at = DidInterface.Load($"type T = {type};", "x.did").Find("T")!;
        Assert.Equal(printed, CandidText.Parse(text, at).ToString());
    }

    [Theory]
    [InlineData("256", "nat8", 1, 1, "does not fit type nat8")]
    [InlineData("-1", "nat", 1, 1, "does not fit type nat")]
    [InlineData("1.5", "nat", 1, 1, "does not fit type nat")]
    [InlineData("vec { 1; \"x\" }", "vec nat", 1, 10, "does not fit type nat")]
    [InlineData("record { a = 1 }", "record { b : nat }", 1, 1, "record has no field b")]
    [InlineData("variant { x }", "variant { y }", 1, 1, "variant case x is not expected")]
    [InlineData("principal \"aaaaa\"", "principal", 1, 11, "'aaaaa' is not a principal")]
    [InlineData("record { a = 1; a = 2 }", "reserved", 1, 17, "label a is there twice")]
    [InlineData("\"\\ff\"", "text", 1, 1, "text is not UTF-8")]
    [InlineData("5 5", "nat", 1, 3, "nothing more expected, found '5'")]
    [InlineData("- x", "int", 1, 1, "a number expected, found 'x'")]
    [InlineData("vec", "vec nat", 1, 4, "'{' expected, found the end")]
    [InlineData("5 : Unknown", "nat", 1, 5, "type Unknown is not defined")]
    public void A_fault_has_its_place_and_reason(string text, string type, int line, int column, string reason)
    {
        var at = DidInterface.Load($"type T = {type};", "x.did").Find("T")!;
        var fault = Assert.Throws<DidException>(() => CandidText.Parse(text, at));
        Assert.Equal((line, column, reason), (fault.Line, fault.Column, fault.Reason));
    }

    [Fact]
    public void Without_a_type_the_form_decides()
    {
        Assert.Equal(new CandidValue.Int(5), CandidText.Parse("5"));
        Assert.Equal(new CandidValue.Nat(5), CandidText.Parse("5 : nat"));
        Assert.Equal(new CandidValue.Float64(5), CandidText.Parse("5.0"));
        Assert.Equal(
            new CandidValue.Record(("a", new CandidValue.Vec([new CandidValue.Bool(true), CandidValue.Null.Instance]))),
            CandidText.Parse("record { a = vec { true; null } }"));
    }

    [Fact]
    public void Arguments_follow_the_rules_of_arguments()
    {
        var arg = CandidText.ParseArguments("(1, \"surplus\")", CandidType.Nat);
        Assert.Equal([new CandidValue.Nat(1)], arg.Values);
        arg = CandidText.ParseArguments("(1)", CandidType.Nat, CandidType.Opt(CandidType.Text));
        Assert.Equal(CandidValue.None, arg[1]);
        Assert.Throws<DidException>(() => CandidText.ParseArguments("(1)", CandidType.Nat, CandidType.Text));
        Assert.Equal("(1 : nat, null)", arg.ToString());
    }

    [Fact]
    public void Accessors_say_what_they_found_instead()
    {
        var value = CandidText.Parse("record { a = 5 : nat; b = opt \"x\"; c = vec { 1 } }");
        Assert.Equal(BigInteger.One * 5, value["a"].AsNat());
        Assert.Equal("x", value["b"].AsOpt()!.AsText());
        Assert.Equal(1, value["c"][0].AsInt());
        Assert.Equal("record has no field z", Assert.Throws<CandidShapeException>(() => value["z"]).Message);
        Assert.Equal(
            "expected text, found nat", Assert.Throws<CandidShapeException>(() => value["a"].AsText()).Message);
        Assert.Equal("vec has no element 1", Assert.Throws<CandidShapeException>(() => value["c"][1]).Message);
        Assert.Throws<CandidShapeException>(() => new CandidValue.Nat(BigInteger.One << 64).AsNat64());
        Assert.Throws<CandidShapeException>(() => new CandidValue.Nat(BigInteger.One << 128).AsNat128());
        Assert.Equal(UInt128.MaxValue, new CandidValue.Nat((BigInteger.One << 128) - 1).AsNat128());
    }
}
