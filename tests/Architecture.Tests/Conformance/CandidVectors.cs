using Decent.Candid;
using Decent.Candid.Parsing;
using Decent.Candid.Tests.Binary;
using Decent.Testing;

namespace Decent.Architecture.Tests.Conformance;

/// <summary>The official suite, published descriptions, field ids and principals.</summary>
internal static class CandidVectors
{
    // The published example imports this file; only its name and its names are published.
    private const string Recursion =
        "type A = B; type B = opt A; type node = record { head : nat; tail : list }; type list = opt node;"
        + "type tree = variant { branch : record { val : int; left : tree; right : tree }; leaf : int };"
        + "type t = func (server : s) -> (); type s = service { f : t; g : (list) -> (B, tree) }; service : s;";

    public static void Run(ConformanceRun report)
    {
        foreach (var file in Directory.GetFiles(Vectors.Path("candid"), "*.test.did").Order(StringComparer.Ordinal))
        {
            var name = $"candid/{Path.GetFileName(file)}";
            var (count, faults) = SuiteFile.Run(name, Vectors.Text(name));
            report.Add(name, "assertions", count, faults);
        }

        report.Each(
            "candid/parser/expected.json",
            "files",
            Vector.File("candid/parser/expected.json").GetProperty("files").EnumerateObject()
                .Select(static f => (f.Name, f)),
            static f => Assert.Equal(f.Value.Text("expect") == "good", IsAccepted(f.Name)));
        foreach (var file in Directory.GetFiles(Vectors.Path("did"), "*.did").Order(StringComparer.Ordinal))
        {
            var name = Path.GetFileName(file);
            var again = Reprinted(name);
            report.Each($"did/{name}", "methods", Load(name).Methods.Select(static m => (m.Name, m.Name)), method =>
                Assert.True(CandidTypes.AreEqual(Load(name).Service!.Find(method)!, again.Service!.Find(method)!)));
        }

        report.Each("candid-field-hashes.json", "hashes", static one => Assert.Equal(
            one.GetProperty("id").GetUInt32(), CandidLabel.Hash(one.Text("name"))));
        Principals(report);
    }

    private static void Principals(ConformanceRun report)
    {
        const string file = "principals.json";
        report.Each(file, "valid", static one =>
        {
            var principal = Principal.FromBytes(one.Hex("hex"));
            Assert.Equal(one.Text("text"), principal.ToText());
            Assert.Equal(principal, Principal.FromText(one.Text("text")));
        });
        report.Each(file, "accepted_non_canonical", static one =>
            Assert.Equal(one.Hex("hex"), Principal.FromText(one.Text("text")).ToArray()));
        report.Each(file, "invalid", static one =>
            Assert.Throws<PrincipalFormatException>(() => Principal.FromText(one.Text("text"))));
        report.Each(file, "invalid_hex", static one =>
            Assert.Throws<PrincipalFormatException>(() => Principal.FromBytes(one.Hex("hex"))));
        var order = Vector.File(file).Items("order_lexicographic_hex")
            .Select(static h => Principal.FromBytes(Convert.FromHexString(h.GetString()!))).ToList();
        report.Each(
            file,
            "order_lexicographic_hex",
            order.Select((p, i) => ($"place {i}", (p, i))),
            one => Assert.Equal(one.i, order.Count(p => p < one.p)));
    }

    private static DidInterface Load(string name) => DidInterface.Load(Vectors.Text($"did/{name}"), name);

    /// <summary>What the printer writes of a description, read again.</summary>
    private static DidInterface Reprinted(string name)
    {
        var description = Load(name);
        var types = string.Concat(description.Definitions.Select(
            d => $"type {d.Name} = {((CandidKnotType)description.Find(d.Name)!).Target};\n"));
        return DidInterface.Load($"{types}service : {description.Service!.ToString()["service ".Length..]}", name);
    }

    private static bool IsAccepted(string name)
    {
        try
        {
            _ = DidInterface.Load(Vectors.Text($"candid/parser/{name}"), name, Resolve);
            return true;
        }
        catch (DidException)
        {
            return false;
        }
    }

    private static string? Resolve(string path)
    {
        var file = Path.Combine(Vectors.Path("candid/parser"), path);
        return File.Exists(file) ? File.ReadAllText(file) : path == "recursion.did" ? Recursion : null;
    }
}
