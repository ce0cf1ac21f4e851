using System.Security.Cryptography;
using CsCheck;
using Decent.Ledger.Journal;
using Decent.Testing;

namespace Decent.Ledger.Tests.Journal;

/// <summary>The tree against the definitions of RFC 6962, written here once more as they stand there.</summary>
public sealed class MerkleTreeTests
{
    private static readonly string[] CertificateTransparencyLeaves =
    [
        "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
    ];

    private static readonly string[] CertificateTransparencyRoots =
    [
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ];

    [Fact]
    public void The_published_roots_of_small_trees_come_out()
    {
        for (var size = 0; size <= 8; size++)
        {
            var leaves = CertificateTransparencyLeaves.Take(size).Select(Convert.FromHexString).ToArray();
            var frontier = new MerkleFrontier();
            foreach (var leaf in leaves)
            {
                frontier.Append(MerkleTree.LeafHash(leaf));
            }

            Assert.Equal(CertificateTransparencyRoots[size], Convert.ToHexStringLower(frontier.Root()));
            Assert.Equal(CertificateTransparencyRoots[size], Convert.ToHexStringLower(Mth(leaves)));
        }
    }

    [Fact]
    public void Every_leaf_of_every_small_tree_has_the_path_of_the_definition_and_it_verifies()
    {
        for (var size = 1; size <= 70; size++)
        {
            var leaves = Leaves(size);
            var root = Mth(leaves);
            for (var index = 0; index < size; index++)
            {
                var proof = MerkleTree.InclusionRanges(index, size).Select(r => HashOf(leaves, r)).ToList();
                Assert.Equal(Path(index, leaves), proof);
                var leaf = MerkleTree.LeafHash(leaves[index]);
                Assert.True(MerkleTree.VerifyInclusion(leaf, index, size, proof, root));
                Assert.False(MerkleTree.VerifyInclusion(leaf, (index + 1) % (size + 1), size, proof, root));
                Assert.False(MerkleTree.VerifyInclusion(leaf, index, size, [.. proof, root], root));
            }
        }
    }

    [Fact]
    public void Every_pair_of_small_trees_has_the_consistency_proof_of_the_definition_and_it_verifies()
    {
        for (var second = 0; second <= 40; second++)
        {
            var leaves = Leaves(second);
            var root = Mth(leaves);
            for (var first = 0; first <= second; first++)
            {
                var older = Mth(leaves[..first]);
                var proof = MerkleTree.ConsistencyRanges(first, second).Select(r => HashOf(leaves, r)).ToList();
                Assert.Equal(first == 0 ? [] : Subproof(first, leaves, true), proof);
                Assert.True(MerkleTree.VerifyConsistency(first, older, second, root, proof));
                if (first > 0)
                {
                    Assert.False(MerkleTree.VerifyConsistency(first, SHA256.HashData(older), second, root, proof));
                    Assert.False(MerkleTree.VerifyConsistency(first, older, second, SHA256.HashData(root), proof));
                }
            }
        }
    }

    [Fact]
    public void A_changed_bit_anywhere_in_a_proof_is_noticed() => Gen.Select(Gen.Int[2, 3000], Gen.Int[0, 1_000_000], Gen.Int[0, 1_000_000])
        .Sample(
            (size, pick, bit) =>
            {
                var leaves = Leaves(size);
                var (root, index) = (Mth(leaves), pick % size);
                var proof = MerkleTree.InclusionRanges(index, size).Select(r => HashOf(leaves, r)).ToList();
                Assert.True(MerkleTree.VerifyInclusion(MerkleTree.LeafHash(leaves[index]), index, size, proof, root));
                var victim = proof[bit % proof.Count];
                victim[bit / 7 % 32] ^= (byte)(1 << (bit % 8));
                Assert.False(MerkleTree.VerifyInclusion(MerkleTree.LeafHash(leaves[index]), index, size, proof, root));
            },
            iter: Deep.Count(20));

    [Fact]
    public void A_journal_leaf_has_its_golden_hash()
    {
        // printf '\x00' + 8 bytes of 258 + 32 times 0xab, through sha256sum.
        var record = Enumerable.Repeat((byte)0xab, 32).ToArray();
        Assert.Equal(
            Convert.ToHexStringLower(SHA256.HashData([0, 0, 0, 0, 0, 0, 0, 1, 2, .. record])),
            Convert.ToHexStringLower(MerkleTree.JournalLeaf(258, record)));
    }

    private static byte[][] Leaves(int size) => [.. Enumerable.Range(0, size).Select(i => BitConverter.GetBytes(i * 7919))];

    private static byte[] HashOf(byte[][] leaves, MerkleRange range)
    {
        var hash = Mth(leaves[(int)range.Start..(int)range.End]);
        Assert.Equal(hash, MerkleTree.Fold([.. MerkleTree.Cover(range).Select(n => Mth(leaves[(int)n.Start..(int)(n.Start + (1L << n.Height))]))]));
        return hash;
    }

    private static int Split(int size)
    {
        var k = 1;
        while (k * 2 < size)
        {
            k *= 2;
        }

        return k;
    }

    private static byte[] Mth(byte[][] d) => d.Length switch
    {
        0 => SHA256.HashData([]),
        1 => SHA256.HashData([0, .. d[0]]),
        _ => SHA256.HashData([1, .. Mth(d[..Split(d.Length)]), .. Mth(d[Split(d.Length)..])]),
    };

    private static List<byte[]> Path(int m, byte[][] d)
    {
        if (d.Length == 1)
        {
            return [];
        }

        var k = Split(d.Length);
        return m < k ? [.. Path(m, d[..k]), Mth(d[k..])] : [.. Path(m - k, d[k..]), Mth(d[..k])];
    }

    private static List<byte[]> Subproof(int m, byte[][] d, bool b)
    {
        if (m == d.Length)
        {
            return b ? [] : [Mth(d)];
        }

        var k = Split(d.Length);
        return m <= k ? [.. Subproof(m, d[..k], b), Mth(d[k..])] : [.. Subproof(m - k, d[k..], false), Mth(d[..k])];
    }
}
