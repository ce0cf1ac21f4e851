using System.Globalization;
using System.Text;
using System.Text.Json;
using Decent.Candid;
using Decent.Canister.Client;
using Decent.Canister.Client.Crypto;

namespace Decent.Architecture.Tests.Conformance;

/// <summary>Hash trees, BLS signatures, certificates and signatures of canisters.</summary>
internal static class CertificateVectors
{
    public static void Run(ConformanceRun report)
    {
        Trees(report);
        Bls(report);
        const string file = "certificates.json";
        var entries = Vector.File(file).Items("entries").Select(static e => (Name: e.Text("name"), Entry: e)).ToList();
        report.Each(file, "entries: facts", entries, Facts);
        report.Each(
            file,
            "entries: lookups",
            entries.Where(static e => IsReadable(e.Entry)).SelectMany(static e => e.Entry.Items("lookups")
                .Select((lookup, i) => ($"{e.Name}[{i}]", (e.Entry, lookup)))),
            static c => Lookup(Certificate.Parse(Inner(c.Entry)).Tree, c.lookup, "path", Label));
        report.Each(
            file,
            "entries: cases",
            entries.SelectMany(static e => e.Entry.Items("cases")
                .Select(one => ($"{e.Name}/{one.Text("id")}", (e.Entry, one)))),
            static c => Assert.Equal(c.one.Text("expect") == "accept", IsAccepted(c.Entry, c.one)));
        CanisterSignatures(report);
    }

    internal static RootOfTrust Root(string name) => RootOfTrust.FromDer(
        name == "mainnet" ? RootOfTrust.MainnetKeyDer.Span : Convert.FromHexString(name));

    private static void Trees(ConformanceRun report)
    {
        const string file = "hash-trees.json";
        report.Each(file, "trees", static tree =>
        {
            var parsed = HashTree.Parse(tree.Hex("cbor"));
            Assert.Equal(tree.Text("root_hash"), Vector.Hex(parsed.RootHash()));
            foreach (var lookup in tree.Items("lookups"))
            {
                Lookup(parsed, lookup, "path_hex", static l => Convert.FromHexString(l.GetString()!));
            }
        });
        report.Each(file, "malformed_cbor", static bad =>
            Assert.Throws<FormatException>(() => HashTree.Parse(bad.Hex("cbor"))));
        report.Each(file, "ill_formed", static ill =>
        {
            var tree = HashTree.Parse(ill.Hex("cbor"));
            Assert.Equal(ill.Text("root_hash"), Vector.Hex(tree.RootHash()));
            Assert.False(tree.IsWellFormed());
        });
    }

    private static void Bls(ConformanceRun report)
    {
        const string file = "bls.json";
        report.Each(file, "verify", static one => Assert.Equal(
            one.GetProperty("expect").GetBoolean(),
            BlsPublicKey.TryRead(one.Hex("public_key"), out var key)
            && key.Verify(one.Hex("message"), one.Hex("signature"))));
        report.Each(file, "sign", static one =>
        {
            var key = BlsSecretKey.FromBytes(one.Hex("secret_key"));
            Assert.Equal(one.Text("public_key"), Vector.Hex(key.PublicKey.ToArray()));
            Assert.Equal(one.Text("signature"), Vector.Hex(key.Sign(one.Hex("message"))));
        });
        report.Each(file, "hash_to_curve_g1", static one =>
        {
            var message = one.TextOrNull("message_utf8") is { } text ? Encoding.UTF8.GetBytes(text) : one.Hex("message");
            HashToG1.Hash(message, Encoding.UTF8.GetBytes(one.Text("dst"))).ToAffine(out var x, out var y);
            var bytes = new byte[96];
            x.Write(bytes.AsSpan(0, 48));
            y.Write(bytes.AsSpan(48));
            Assert.Equal(one.Text("x") + one.Text("y"), Vector.Hex(bytes));
        });
    }

    private static void Facts(JsonElement entry)
    {
        if (!IsReadable(entry))
        {
            Assert.Equal(
                CertificateProblem.NestedDelegation,
                Assert.Throws<CertificateException>(() => Certificate.Parse(Inner(entry))).Problem);
            return;
        }

        var certificate = Certificate.Parse(Inner(entry));
        var facts = entry.GetProperty("facts");
        Assert.Equal(facts.Text("root_hash"), Vector.Hex(certificate.Tree.RootHash()));
        if (facts.TextOrNull("time_ns") is { } time)
        {
            Assert.Equal(time, certificate.TimeNs().ToString(CultureInfo.InvariantCulture));
        }

        if (facts.TryGetProperty("delegation", out var delegation) && delegation.ValueKind == JsonValueKind.Object)
        {
            Assert.Equal(delegation.Text("subnet_id"), certificate.Delegation!.SubnetId.ToText());
            Assert.Equal(
                delegation.Text("root_hash"), Vector.Hex(certificate.Delegation.Certificate.Tree.RootHash()));
        }
    }

    private static bool IsAccepted(JsonElement entry, JsonElement one)
    {
        try
        {
            var certificate = Certificate.Parse(Mutated(entry, one));
            if (one.TextOrNull("now_ns") is { } now)
            {
                certificate.CheckFresh(ulong.Parse(now, CultureInfo.InvariantCulture));
            }

            CheckScope(certificate, one);
            Root(one.Text("root_key")).Verify(certificate);
            return true;
        }
        catch (CertificateException)
        {
            return false;
        }
    }

    private static void CheckScope(Certificate certificate, JsonElement one)
    {
        var asked = one.GetProperty("for");
        if (asked.Text("type") == "canister")
        {
            var from = one.TextOrNull("ranges_from") switch
            {
                "legacy" => RangesFrom.Legacy,
                "sharded" => RangesFrom.Sharded,
                _ => RangesFrom.Any,
            };
            certificate.CheckCanisterScope(Principal.FromText(asked.Text("principal")), from);
        }
        else if (asked.Text("type") == "subnet")
        {
            certificate.CheckSubnetScope(Principal.FromText(asked.Text("principal")));
        }
    }

    private static void CanisterSignatures(ConformanceRun report)
    {
        const string file = "canister-signatures.json";
        report.Each(file, "public_keys", static one =>
        {
            Assert.True(CanisterSignature.TryReadKey(one.Hex("der"), out var canister, out var seed));
            Assert.Equal(one.Text("canister"), canister.ToText());
            Assert.Equal(one.Text("seed_hex"), Vector.Hex(seed));
        });
        foreach (var (rule, expect) in new[] { (false, "expect"), (true, "expect_with_subnet_type_rule") })
        {
            report.Each(
                file,
                rule ? "cases: with the rule on subnet types" : "cases",
                Vector.File(file).Items("cases").Select(static c => (c.Text("id"), c)),
                one => Assert.Equal(one.Text(expect) == "accept", CanisterSignature.Verify(
                    one.Hex("public_key_der"),
                    one.Hex("signed_message"),
                    one.Hex("signature"),
                    Root(one.Text("root_key")),
                    rule)));
        }
    }

    private static void Lookup(
        HashTree tree, JsonElement lookup, string path, Func<JsonElement, ReadOnlyMemory<byte>> label)
    {
        var result = tree.Lookup(new StatePath([.. lookup.Items(path).Select(label)]));
        Assert.Equal(lookup.Text("result"), result.GetType().Name);
        if (result is LookupResult.Found found && lookup.TextOrNull("value_hex") is { } value)
        {
            Assert.Equal(value, Vector.Hex(found.Value.Span));
        }
    }

    private static ReadOnlyMemory<byte> Label(JsonElement label) =>
        label.TextOrNull("text") is { } text ? Encoding.UTF8.GetBytes(text) : label.Hex("hex");

    /// <summary>One entry is a certificate that must not even be read.</summary>
    private static bool IsReadable(JsonElement entry) => entry.Text("name") != "syn-nested-delegation";

    private static byte[] Inner(JsonElement entry) => entry.Text("container") == "certificate"
        ? entry.Hex("hex")
        : AnswerCbor.Read(entry.Hex("hex")).Certificate!.Value.ToArray();

    private static byte[] Mutated(JsonElement entry, JsonElement one)
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
}
