using System.Numerics;
using Decent.Clients.Awkward;

namespace Decent.Candid.Generator.Tests;

/// <summary>A description full of names and types that do not fit C#, generated when this project was built.</summary>
public sealed class AwkwardTests
{
    private static readonly Principal Someone = Principal.SelfAuthenticating([1, 2, 3]);

    [Fact]
    public void Names_that_fit_no_identifier_become_different_ones()
    {
        var one = new Event(1, "two", Opt<BigInteger?>.Some(null), default, true, 5, null, -3, 9);
        var (back, number) = AwkwardCanister.DecodeGetReply(
            AwkwardCanister.EncodeGetReply(one with { Event_2 = one }, 8));
        Assert.Equal(8, number);
        Assert.Equal((1, "two", -3, (ushort)9), (back.Class, back.Class_2, back.Equals_2, back.Clone_2));
        Assert.Equal(one, back.Event_2);
        Assert.True(back.Class_3.HasValue);
        Assert.Null(back.Class_3.Value);
    }

    [Fact]
    public void An_option_of_an_option_knows_which_one_is_absent()
    {
        Opt<Opt<string?>>[] values =
        [
            default, Opt<Opt<string?>>.Some(default), Opt<Opt<string?>>.Some(Opt<string?>.Some(null)),
            Opt<Opt<string?>>.Some(Opt<string?>.Some("x")),
        ];
        foreach (var value in values)
        {
            var (unit, anything, text, items, bytes, numbers) = AwkwardCanister.DecodeOptionsReply(
                AwkwardCanister.EncodeOptionsReply(
                    Opt<Nothing>.Some(default), default, value, [null, 3], new byte[] { 1 }, [7, 8]));
            Assert.True(unit.HasValue);
            Assert.False(anything.HasValue);
            Assert.Equal(value, text);
            Assert.Equal([null, (byte)3], items);
            Assert.Equal([1], bytes!.Value.ToArray());
            Assert.Equal([7, 8], numbers!);
        }
    }

    [Fact]
    public void Types_that_are_nothing_but_themselves_are_classes()
    {
        var list = new List((1, new List((2, new List(null)))));
        var tree = new Tree([new Tree([]), new Tree([new Tree([])])]);
        var endless = new Endless { Value = new Endless { Value = new Endless { Value = null } } };
        var chain = new Chain { Next = new Chain { Next = null } };
        var (l, t, e, c) = AwkwardCanister.DecodeMethodReply(
            AwkwardCanister.EncodeMethodReply(list, tree, endless, chain));
        Assert.Equal(chain, c);
        Assert.Equal(list, l);
        Assert.Equal([0, 1], t.Value.Select(v => v.Value.Count));
        Assert.Equal(endless, e);
    }

    [Fact]
    public void A_case_that_came_later_reads_as_unknown_wherever_it_stands()
    {
        var later = CandidType.Variant(("nothing", CandidType.Null), ("brand_new", CandidType.Vec(CandidType.Text)));
        var value = new CandidValue.Variant("brand_new", new CandidValue.Vec([new CandidValue.Text("x")]));
        var unknown = new Value.Unknown(CandidLabel.Hash("brand_new"));
        Assert.Equal(unknown, AwkwardCanister.DecodeValueReply(CandidArg.Of((later, value)).Encode()));
        Assert.Equal(unknown, AwkwardCanister.DecodeWrappedReply(
            CandidArg.Of((CandidType.Opt(later), CandidValue.Some(value))).Encode()));
        Assert.Equal(Color.Unknown, AwkwardCanister.DecodeColorReply(CandidArg.Of((later, value)).Encode()));
        Assert.Throws<CandidEncodeException>(() => AwkwardCanister.EncodeValueReply(unknown));
        Assert.Throws<CandidEncodeException>(() => AwkwardCanister.EncodeColorReply(Color.Unknown));
    }

    [Fact]
    public void Every_case_has_its_branch()
    {
        Value value = new Value.Pair(1, "x");
        Assert.Equal("pair", AwkwardCanister.DecodeValueArguments(AwkwardCanister.EncodeValueArguments(value)).Match(
            _ => "value", _ => "nat", _ => "array", _ => "map", _ => "pair", _ => "named", _ => "nothing",
            _ => "tag", _ => "its own unknown", _ => "match", _ => "unknown"));
        foreach (var color in new[] { Color.Red, Color.Green, Color.DarkBlue, Color.Unknown_2, Color.Case7 })
        {
            Assert.Equal(color, AwkwardCanister.DecodeColorReply(AwkwardCanister.EncodeColorReply(color)));
        }
    }

    [Fact]
    public void References_come_back()
    {
        var listener = new Listener(Someone, "notify");
        var (l, p, t) = AwkwardCanister.DecodeWithSpaceReply(
            AwkwardCanister.EncodeWithSpaceReply(listener, new Peer(Someone), new Types_2(4)));
        Assert.Equal((listener, new Peer(Someone), new Types_2(4)), (l, p, t));
    }

    [Fact]
    public void Numbers_keep_their_limits()
    {
        var numbers = new Numbers(
            byte.MaxValue, ushort.MaxValue, uint.MaxValue, ulong.MaxValue, sbyte.MinValue, short.MinValue, int.MinValue,
            long.MinValue, float.Epsilon, double.NaN, BigInteger.Pow(2, 300), -BigInteger.Pow(2, 300), true, "é🐂",
            Someone, default, default, default);
        var back = AwkwardCanister.DecodeNumbersReply(AwkwardCanister.EncodeNumbersReply(numbers));
        Assert.Equal(numbers with { Blob = back.Blob }, back);
        Assert.True(back.Blob.IsEmpty);
    }

    [Fact]
    public void A_value_that_does_not_fit_is_refused_with_its_path_and_place()
    {
        var bytes = CandidArg.Of((
            CandidType.Record(("amount", CandidType.Nat)),
            new CandidValue.Record(("amount", new CandidValue.Nat(1))))).Encode();
        var fault = Assert.Throws<CandidDecodeException>(() => AwkwardCanister.DecodeValueReply(bytes));
        Assert.Equal("arg[0]", fault.Path);
        Assert.Equal("record where variant is expected", fault.Reason);

        var deep = CandidType.Variant(("Map", CandidType.Vec(CandidType.Tuple(CandidType.Text, CandidType.Variant(
            ("Nat", CandidType.Text))))));
        var map = new CandidValue.Variant("Map", new CandidValue.Vec([CandidValue.Tuple(
            new CandidValue.Text("k"), new CandidValue.Variant("Nat", new CandidValue.Text("no")))]));
        fault = Assert.Throws<CandidDecodeException>(
            () => AwkwardCanister.DecodeValueReply(CandidArg.Of((deep, map)).Encode()));
        Assert.Equal("arg[0].Map[0].1.Nat", fault.Path);
        Assert.Equal("text where nat is expected", fault.Reason);

        var cut = AwkwardCanister.EncodeValueReply(new Value.Array([new Value.Nat(1), new Value.Value_2(2)]));
        fault = Assert.Throws<CandidDecodeException>(
            () => AwkwardCanister.DecodeValueReply(cut.AsSpan(0, cut.Length - 1)));
        Assert.Equal("arg[0].Array[1].Value", fault.Path);
        Assert.Equal(cut.Length - 1, fault.Offset);
    }

    [Fact]
    public void Missing_arguments_are_absent_and_more_are_passed_over()
    {
        Assert.Null(AwkwardCanister.DecodeWrappedReply(CandidArg.Empty.Encode()));
        Assert.Equal(Color.Red, AwkwardCanister.DecodeColorReply(CandidArg.Of(
            (CandidType.Variant(("red", CandidType.Null)), new CandidValue.Variant("red")),
            (CandidType.Vec(CandidType.Text), new CandidValue.Vec([new CandidValue.Text("more")]))).Encode()));
        Assert.Throws<CandidDecodeException>(() => AwkwardCanister.DecodeColorReply(CandidArg.Empty.Encode()));
    }
}
