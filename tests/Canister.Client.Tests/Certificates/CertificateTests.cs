using System.Text.Json;
using Decent.Candid;

namespace Decent.Canister.Client.Tests.Certificates;

public sealed class CertificateTests
{
    private readonly Dictionary<string, RootOfTrust> roots = new(StringComparer.Ordinal)
    {
        ["mainnet"] = RootOfTrust.FromDer(RootOfTrust.MainnetKeyDer.Span),
    };

    [Fact]
    public void Published_certificates_are_read_and_answer_every_lookup()
    {
        foreach (var entry in Json.File("certificates.json").Items("entries"))
        {
            var name = entry.Text("name");
            if (name == "syn-nested-delegation")
            {
                continue;
            }

            var certificate = Certificate.Parse(Inner(entry));
            var facts = entry.GetProperty("facts");
            Assert.Equal(
                (name, facts.Text("root_hash")), (name, Convert.ToHexStringLower(certificate.Tree.RootHash())));
            if (facts.TextOrNull("time_ns") is { } time)
            {
                Assert.Equal((name, time), (name, $"{certificate.TimeNs()}"));
            }

            if (facts.TryGetProperty("delegation", out var delegation) && delegation.ValueKind == JsonValueKind.Object)
            {
                Assert.Equal(delegation.Text("subnet_id"), certificate.Delegation!.SubnetId.ToText());
                Assert.Equal(
                    delegation.Text("root_hash"),
                    Convert.ToHexStringLower(certificate.Delegation.Certificate.Tree.RootHash()));
            }

            foreach (var lookup in entry.Items("lookups"))
            {
                var path = new StatePath([.. lookup.Items("path").Select(Label)]);
                var result = certificate.Tree.Lookup(path);
                Assert.Equal((name, path, lookup.Text("result")), (name, path, result.GetType().Name));
                if (result is LookupResult.Found found && lookup.TextOrNull("value_hex") is { } value)
                {
                    Assert.Equal(value, Convert.ToHexStringLower(found.Value.Span));
                }
            }
        }
    }

    [Fact]
    public void Published_cases_are_judged_as_expected()
    {
        var judged = 0;
        foreach (var entry in Json.File("certificates.json").Items("entries"))
        {
            foreach (var one in entry.Items("cases"))
            {
                var problem = Judge(entry, one);
                Assert.Equal(
                    (entry.Text("name"), one.Text("id"), one.Text("expect") == "accept"),
                    (entry.Text("name"), one.Text("id"), problem is null));
                if (problem is { } found && Expected(entry.Text("name"), one.Text("reason")) is { } expected)
                {
                    Assert.Equal((one.Text("id"), expected), (one.Text("id"), found));
                }

                judged++;
            }
        }

        Assert.True(judged > 60, $"Only {judged} cases were judged.");
    }

    [Fact]
    public void The_root_subnet_is_the_principal_of_the_pinned_key() =>
        Assert.Equal(
            "tdb26-jop6k-aogll-7ltgs-eruif-6kk7m-qpktf-gdiqx-mxtrf-vb5e6-eqe", roots["mainnet"].RootSubnet.ToText());

    [Fact]
    public void A_root_key_that_is_no_key_is_refused()
    {
        var key = RootOfTrust.MainnetKeyDer.ToArray();
        Assert.Throws<IdentityFormatException>(() => RootOfTrust.FromDer(key.AsSpan(1)));
        Assert.Throws<IdentityFormatException>(() => RootOfTrust.FromDer(default));
        key[^1] ^= 1;
        Assert.Throws<IdentityFormatException>(() => RootOfTrust.FromDer(key));
    }

    [Fact]
    public void A_certificate_survives_writing()
    {
        var tree = HashTree.Labeled("time", HashTree.Leaf(new byte[] { 5 }));
        var root = Certificate.Write(tree, new byte[48]);
        var subnet = Principal.FromBytes([9]);
        var written = Certificate.Parse(Certificate.Write(tree, new byte[48], subnet, root));
        Assert.Equal(subnet, written.Delegation!.SubnetId);
        Assert.Equal(5UL, written.TimeNs());
        Assert.Equal(tree.RootHash(), written.Delegation.Certificate.Tree.RootHash());
        var nested = Certificate.Write(tree, new byte[48], subnet, Certificate.Write(tree, new byte[48], subnet, root));
        Assert.Equal(
            CertificateProblem.NestedDelegation,
            Assert.Throws<CertificateException>(() => Certificate.Parse(nested)).Problem);
    }

    [Fact]
    public void An_ill_formed_tree_and_a_short_signature_are_refused()
    {
        var leaf = HashTree.Leaf(default);
        var disordered = HashTree.Fork(HashTree.Labeled("b", leaf), HashTree.Labeled("a", leaf));
        Assert.Equal(
            CertificateProblem.NotWellFormed,
            Assert.Throws<CertificateException>(() => Certificate.Parse(Certificate.Write(disordered, new byte[48])))
                .Problem);
        Assert.Equal(
            CertificateProblem.Malformed,
            Assert.Throws<CertificateException>(() => Certificate.Parse(Certificate.Write(leaf, new byte[47])))
                .Problem);
    }

    internal static byte[] Inner(JsonElement entry)
    {
        var bytes = entry.Hex("hex");
        if (entry.Text("container") == "certificate")
        {
            return bytes;
        }

        return AnswerCbor.Read(bytes).Certificate!.Value.ToArray();
    }

    internal static byte[] Mutated(JsonElement entry, JsonElement one)
    {
        var bytes = Inner(entry);
        if (!one.TryGetProperty("mutate", out var mutate))
        {
            return bytes;
        }

        switch (mutate.Text("op"))
        {
            case "xor":
                bytes[mutate.GetProperty("offset").GetInt32()] ^= (byte)mutate.GetProperty("mask").GetInt32();
                return bytes;
            case "truncate":
                return bytes[..^mutate.GetProperty("bytes").GetInt32()];
            case "append":
                return [.. bytes, .. mutate.Hex("hex")];
            default:
                throw new NotSupportedException(mutate.Text("op"));
        }
    }

    private static CertificateProblem? Expected(string entry, string reason) => reason switch
    {
        _ when entry == "syn-empty-ranges" => CertificateProblem.RangesMissing,
        "canister out of range" => CertificateProblem.OutOfRange,
        "canister ranges missing" => CertificateProblem.RangesMissing,
        "certificate too old" => CertificateProblem.TooOld,
        "cbor" => CertificateProblem.Malformed,
        "nested delegation" => CertificateProblem.NestedDelegation,
        "subnet key DER" => CertificateProblem.SubnetKey,
        "time in the future" => CertificateProblem.InTheFuture,
        "time missing" => CertificateProblem.TimeMissing,
        "wrong subnet" => CertificateProblem.WrongSubnet,
        _ => null,
    };

    private CertificateProblem? Judge(JsonElement entry, JsonElement one)
    {
        try
        {
            var certificate = Certificate.Parse(Mutated(entry, one));
            if (one.TextOrNull("now_ns") is { } now)
            {
                certificate.CheckFresh(ulong.Parse(now));
            }

            CheckScope(certificate, one);
            var root = one.Text("root_key");
            if (!roots.TryGetValue(root, out var trust))
            {
                roots[root] = trust = RootOfTrust.FromDer(Convert.FromHexString(root));
            }

            trust.Verify(certificate);
            return null;
        }
        catch (CertificateException e)
        {
            return e.Problem;
        }
    }

    internal static void CheckScope(Certificate certificate, JsonElement one)
    {
        var asked = one.GetProperty("for");
        switch (asked.Text("type"))
        {
            case "canister":
                certificate.CheckCanisterScope(
                    Principal.FromText(asked.Text("principal")),
                    one.TextOrNull("ranges_from") switch
                    {
                        "legacy" => RangesFrom.Legacy,
                        "sharded" => RangesFrom.Sharded,
                        _ => RangesFrom.Any,
                    });
                break;
            case "subnet":
                certificate.CheckSubnetScope(Principal.FromText(asked.Text("principal")));
                break;
        }
    }

    private static ReadOnlyMemory<byte> Label(JsonElement label) =>
        label.TextOrNull("text") is { } text ? System.Text.Encoding.UTF8.GetBytes(text) : label.Hex("hex");
}
