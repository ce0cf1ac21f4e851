using System.Text;
using CsCheck;
using Decent.Candid.Tests;
using Decent.Testing;

namespace Decent.Candid.Generator.Tests;

/// <summary>Generated codecs against the tree of values, over random types.</summary>
public sealed class OracleTests
{
    private const int TypesAtOnce = 30;

    private delegate byte[] Again(int method, byte[] message);

    [Fact]
    public void Generated_codecs_say_what_the_tree_says()
    {
        var plain = RandomCandid.AnyType.Where(t => !t.ToString().Contains("rec0", StringComparison.Ordinal));
        Gen.Select(plain.Array[TypesAtOnce], Gen.Int).Sample(
            (types, seed) =>
            {
                var expected = types.Select(
                    (t, i) => i % 2 == 0 ? t : One(RandomCandid.Supertype(t), seed + i)).ToArray();
                var again = Compile(expected);
                for (var i = 0; i < types.Length; i++)
                {
                    for (var round = 0; round < 20; round++)
                    {
                        var value = One(RandomCandid.ValueOf(types[i], 0), unchecked((seed * 31) + (i * 100) + round));
                        Check(again, i, expected[i], CandidArg.Of((types[i], value)).Encode(), seed + round);
                    }
                }
            },
            iter: Deep.Count(2),
            threads: 1);
    }

    private static void Check(Again again, int method, CandidType expected, byte[] message, int seed)
    {
        Compare(again, method, expected, message);
        var random = new Random(seed);
        for (var i = 0; i < 3; i++)
        {
            var damaged = (byte[])message.Clone();
            damaged[random.Next(4, damaged.Length)] = (byte)random.Next(256);
            Compare(again, method, expected, i == 2 ? damaged[..random.Next(damaged.Length)] : damaged);
        }
    }

    private static void Compare(Again again, int method, CandidType expected, byte[] message)
    {
        CandidArg? tree = null;
        CandidDecodeException? refusal = null;
        try
        {
            tree = CandidArg.Decode(message, expected);
        }
        catch (CandidDecodeException fault)
        {
            refusal = fault;
        }

        byte[] written;
        try
        {
            written = again(method, message);
        }
        catch (CandidDecodeException fault)
        {
            Assert.True(refusal is not null, $"{Text()}\nonly the codec refuses: {fault}");
            return;
        }
        catch (CandidEncodeException unknown)
        {
            // Damage made a case that the type lacks: the tree drops or refuses what the codec calls unknown.
            Assert.Contains("unknown case", unknown.Message);
            return;
        }

        Assert.True(tree is not null, $"{Text()}\nonly the tree refuses: {refusal}");
        Assert.True(tree.Equals(CandidArg.Decode(written, expected)), $"{Text()}\n{tree}");
        Assert.Equal(CandidArg.Of((expected, tree[0])).Encode(), written);

        string Text() => $"{expected} <- {Convert.ToHexString(message)}";
    }

    private static Again Compile(CandidType[] types)
    {
        var did = new StringBuilder("service : {\n");
        var calls = new StringBuilder();
        for (var i = 0; i < types.Length; i++)
        {
            did.Append($"  m{i} : ({types[i]}) -> ();\n");
            calls.Append($"{i} => C.EncodeM{i}Arguments(C.DecodeM{i}Arguments(message)),\n");
        }

        var source = $$"""
            using C = Decent.Canister.Client.Random.RandomCanister;
            public static class Harness
            {
                public static byte[] Again(int method, byte[] message) => method switch
                {
                    {{calls}}
                    _ => throw new System.ArgumentOutOfRangeException(),
                };
            }
            """;
        var assembly = GeneratorRun.Load(source, ("/x/random.did", did.Append('}').ToString()));
        return assembly.GetType("Harness")!.GetMethod("Again")!.CreateDelegate<Again>();
    }

    private static T One<T>(Gen<T> gen, int seed)
    {
        var pcg = new PCG(unchecked((uint)seed), unchecked((ulong)seed * 6364136223846793005UL));
        return gen.Generate(pcg, null, out _);
    }
}
