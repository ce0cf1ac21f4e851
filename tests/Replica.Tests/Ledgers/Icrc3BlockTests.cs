using System.Globalization;
using System.Numerics;
using System.Text.Json;
using Decent.Candid;
using Decent.Canister.Client;
using Decent.Replica.Ledgers;
using Decent.Testing;

namespace Decent.Replica.Tests.Ledgers;

/// <summary>Blocks of the DFINITY ledger: published hashes, published chains, and the replica's own chain.</summary>
public sealed class Icrc3BlockTests
{
    private static JsonElement Vector => JsonDocument.Parse(Vectors.Text("icrc3.json")).RootElement.Clone();

    [Fact]
    public void Every_published_value_has_its_published_hash_also_after_a_trip_through_Candid()
    {
        var count = 0;
        foreach (var entry in Vector.GetProperty("hashes").EnumerateArray())
        {
            var value = Value(entry.GetProperty("value"));
            Assert.Equal(entry.GetProperty("hash").GetString(), Hash(value));
            Assert.Equal(entry.GetProperty("hash").GetString(), Hash(ThroughCandid(value)));
            count++;
        }

        Assert.True(count > 0);
    }

    [Fact]
    public void Every_published_chain_links_block_to_block()
    {
        foreach (var chain in Vector.GetProperty("chains").EnumerateArray())
        {
            string? parent = null;
            foreach (var block in chain.GetProperty("blocks").EnumerateArray())
            {
                var value = Assert.IsType<HashableValue.Map>(Value(block.GetProperty("value")));
                Assert.Equal(block.GetProperty("hash").GetString(), Hash(value));
                var named = value.Fields.TryGetValue("phash", out var phash)
                    ? Convert.ToHexStringLower(((HashableValue.Blob)phash).Bytes.Span)
                    : null;
                Assert.Equal(parent, named);
                parent = block.GetProperty("hash").GetString();
            }

            Assert.Equal(chain.GetProperty("tip").GetProperty("hash").GetString(), parent);
        }
    }

    [Fact]
    public void The_ledger_writes_the_published_blocks_bit_by_bit()
    {
        var chain = Vector.GetProperty("chains").EnumerateArray()
            .First(static c => c.GetProperty("name").GetString() == "six-kinds");
        var compared = 0;
        foreach (var published in chain.GetProperty("blocks").EnumerateArray())
        {
            var value = (HashableValue.Map)Value(published.GetProperty("value"));
            if (!value.Fields.ContainsKey("btype"))
            {
                continue; // The legacy form, which the replica's ledger does not write.
            }

            var rebuilt = Icrc3Blocks.Block(Rebuild(value));
            Assert.Equal(published.GetProperty("hash").GetString(), Hash(rebuilt));
            compared++;
        }

        Assert.Equal(5, compared);
    }

    [Fact]
    public void The_replicas_own_chain_links_and_a_changed_block_breaks_it()
    {
        var ledger = new TokenLedger(Genesis.CkUsdtSettings(null));
        _ = ledger.Mint(TestAccounts.Account("a"), 1_000_000_000, null, 1);
        for (var i = 0; i < 20; i++)
        {
            Assert.IsType<TransferVerdict.Ok>(ledger.Transfer(
                new TransferRequest(
                    TestAccounts.Account("a"),
                    TestAccounts.Account("b"),
                    (UInt128)(i + 1),
                    null,
                    [(byte)i],
                    (ulong)i + 1),
                (ulong)i + 2));
        }

        Assert.True(IsChain(ledger.Blocks));
        var forged = ledger.Blocks.ToArray();
        forged[7] = forged[7] with
        {
            Transaction = forged[7].Transaction with { Amount = forged[7].Transaction.Amount + 1 },
        };
        Assert.False(IsChain(forged));
        Assert.False(IsChain([.. ledger.Blocks.Skip(1)]));
    }

    private static bool IsChain(IReadOnlyList<TokenBlock> blocks)
    {
        byte[]? parent = null;
        foreach (var block in blocks)
        {
            var value = Icrc3Blocks.Block(block);
            var named = value.Fields.TryGetValue("phash", out var phash)
                ? ((HashableValue.Blob)phash).Bytes.ToArray()
                : null;
            if (!(named ?? []).AsSpan().SequenceEqual(parent ?? []))
            {
                return false;
            }

            parent = RepresentationIndependentHash.Of((HashableValue)value);
        }

        return true;
    }

    private static TokenBlock Rebuild(HashableValue.Map block)
    {
        var tx = (HashableValue.Map)block.Fields["tx"];
        var operation = ((HashableValue.Text)block.Fields["btype"]).Value switch
        {
            "1mint" => TokenOperation.Mint,
            "1burn" => TokenOperation.Burn,
            "2approve" => TokenOperation.Approve,
            _ => TokenOperation.Transfer,
        };
        var transaction = new TokenTransaction(
            operation,
            Account(tx, "from"),
            Account(tx, "to"),
            Account(tx, "spender"),
            Nat(tx, "amt")!.Value,
            Nat(tx, "fee"),
            (tx.Fields.GetValueOrDefault("memo") as HashableValue.Blob)?.Bytes.ToArray(),
            (ulong?)Nat(tx, "ts"),
            Nat(tx, "expected_allowance"),
            (ulong?)Nat(tx, "expires_at"));
        return new TokenBlock(
            0,
            (ulong)Nat(block, "ts")!.Value,
            transaction,
            Nat(block, "fee") ?? 0,
            (block.Fields.GetValueOrDefault("phash") as HashableValue.Blob)?.Bytes.ToArray(),
            [],
            null,
            0,
            0);
    }

    private static LedgerAccount? Account(HashableValue.Map map, string name) =>
        map.Fields.GetValueOrDefault(name) is not HashableValue.Array { Items: var parts }
            ? null
            : new LedgerAccount(
                Principal.FromBytes(((HashableValue.Blob)parts[0]).Bytes.Span),
                parts.Count > 1 ? ((HashableValue.Blob)parts[1]).Bytes.ToArray() : null);

    private static UInt128? Nat(HashableValue.Map map, string name) =>
        map.Fields.GetValueOrDefault(name) is HashableValue.Nat nat ? (UInt128)nat.Value : null;

    private static HashableValue ThroughCandid(HashableValue value) => Icrc3Value.FromCandid(
        CandidArg.Decode(CandidArg.Of((IcrcTypes.Icrc3Value, Icrc3Value.ToCandid(value))).Encode())[0]);

    private static string Hash(HashableValue value) =>
        Convert.ToHexStringLower(RepresentationIndependentHash.Of(value));

    private static HashableValue Value(JsonElement json)
    {
        var one = json.EnumerateObject().Single();
        return one.Name switch
        {
            "Nat" => new HashableValue.Nat(BigInteger.Parse(one.Value.GetString()!, CultureInfo.InvariantCulture)),
            "Int" => new HashableValue.Int(BigInteger.Parse(one.Value.GetString()!, CultureInfo.InvariantCulture)),
            "Text" => new HashableValue.Text(one.Value.GetString()!),
            "Blob" => new HashableValue.Blob(Convert.FromHexString(one.Value.GetString()!)),
            "Array" => new HashableValue.Array([.. one.Value.EnumerateArray().Select(Value)]),
            "Map" => new HashableValue.Map(one.Value.EnumerateArray()
                .ToDictionary(static p => p[0].GetString()!, static p => Value(p[1]), StringComparer.Ordinal)),
            _ => throw new InvalidOperationException(one.Name),
        };
    }
}
