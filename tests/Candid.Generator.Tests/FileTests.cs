using System.Text.Json;
using Decent.Testing;

namespace Decent.Candid.Generator.Tests;

/// <summary>Descriptions of others, and ours: what is generated compiles and loads.</summary>
public sealed class FileTests
{
    [Fact]
    public void Clients_of_published_descriptions_compile() => Compile(
        Directory.GetFiles(Vectors.Path("did"), "*.did").Select(f => (f, File.ReadAllText(f))));

    [Fact]
    public void Clients_of_the_parsers_good_files_compile()
    {
        var folder = Vectors.Path("candid/parser");
        using var expected = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "expected.json")));
        var good = expected.RootElement.GetProperty("files").EnumerateObject()
            .Where(f => f.Value.GetProperty("expect").GetString() == "good")
            .Select(f => Path.Combine(folder, f.Name)).ToArray();
        Assert.NotEmpty(good);
        Compile(good.Concat(Directory.GetFiles(Path.Combine(folder, "import"), "*.did", SearchOption.AllDirectories))
            .Where(File.Exists)
            .Select(f => (f, File.ReadAllText(f)))
            .Append((Path.Combine(folder, "recursion.did"), Recursion)));
    }

    // The published subset lacks this one, which example.did imports.
    private const string Recursion = """
        type A = B;
        type B = opt A;
        type node = record { head : nat; tail : list };
        type list = opt node;
        type tree = variant { branch : record { val : int; left : tree; right : tree }; leaf : int };
        type t = func (server : s) -> ();
        type s = service { f : t; g : (list) -> (B, tree) };
        service : s;
        """;

    private static void Compile(IEnumerable<(string Path, string Text)> files)
    {
        var assembly = GeneratorRun.Load(string.Empty, [.. files]);
        foreach (var names in assembly.GetTypes().Where(t => t is { Name: "Types", IsAbstract: true, IsSealed: true }))
        {
            foreach (var name in names.GetProperties())
            {
                Assert.NotEqual(CandidKind.Future, ((CandidType)name.GetValue(null)!).Kind);
            }
        }

        Assert.NotEmpty(assembly.GetTypes());
    }
}
