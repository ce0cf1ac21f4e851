using Decent.Candid.Parsing;
using Decent.Testing;

namespace Decent.Candid.Tests.Parsing;

public sealed class DidParserTests
{
    /// <summary>
    /// The published example imports this file, which is not among the published data; its names are.
    /// </summary>
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

    [Fact]
    public void Every_published_file_is_accepted_or_refused_as_expected()
    {
        var count = 0;
        foreach (var file in VectorJson.Read("candid/parser/expected.json").GetProperty("files").EnumerateObject())
        {
            var good = file.Value.GetProperty("expect").GetString() == "good";
            string? fault = null;
            try
            {
                DidInterface.Load(Vectors.Text($"candid/parser/{file.Name}"), file.Name, Resolve);
            }
            catch (DidException refused)
            {
                fault = refused.Message;
            }

            Assert.True(good == fault is null, $"{file.Name}: {fault ?? "accepted"}");
            count++;
        }

        Assert.True(count >= 14);
    }

    [Fact]
    public void The_published_example_has_what_it_says()
    {
        var example = DidInterface.Load(Vectors.Text("candid/parser/example.did"), "example.did", Resolve);
        Assert.Equal("server", example.Actor!.Name);
        Assert.Equal(["Doc comment for service"], example.Actor.Docs);
        Assert.NotNull(example.Service!.Find("f1"));
        Assert.NotNull(example.Service.Find("g"));
        Assert.Equal(CandidFuncMode.CompositeQuery, example.Service.Find("x")!.Mode);
        var method = Assert.Single(example.Methods, m => m.Name == "f1");
        Assert.Equal(["Doc comment for f1 method of service"], method.Docs);
        Assert.Equal([null, "test", null], ((DidFunc)method.Type).Arguments.Select(a => a.Name));

        var nested = (CandidRecordType)example.Find("nested")!.Head;
        Assert.Equal([0u, 1, 2, 3, 40, 41, 42], nested.Fields.Select(f => f.Label.Id));
        var error = Assert.Single(example.Definitions, d => d.Name == "res");
        var field = ((DidFields)((DidFields)error.Type).Fields[1].Type).Fields[0];
        Assert.Equal(["Doc comment for error field in Err variant,", "on multiple lines"], field.Docs);
    }

    [Theory]
    [InlineData("type A = opt\n  B;", 2, 3, "type B is not defined")]
    [InlineData("type A = nat;\ntype A = int;", 2, 6, "type A is defined twice")]
    [InlineData("type A = record { a : nat; a : nat };", 1, 28, "label a has the same id as a")]
    [InlineData("type A = record { nat; 0 : nat };", 1, 24, "label 0 has the same id as 0")]
    [InlineData("type A = A;", 1, 6, "type A is defined by nothing but itself")]
    [InlineData("type A = func () -> (nat) oneway;", 1, 15, "a oneway function has no results")]
    [InlineData("type A = func () -> () query query;", 1, 30, "'query' is there twice")]
    [InlineData("type A = func (a : nat, a : nat) -> ();", 1, 25, "argument 'a' is there twice")]
    [InlineData("type nat = int;", 1, 6, "'nat' is a keyword; put it in quotes to use it as a name")]
    [InlineData("type A = nat service : {}", 1, 14, null)]
    [InlineData("service : { m : () -> (); m : () -> () }", 1, 27, "method 'm' is there twice")]
    [InlineData("type A = nat; service : { m : A }", 1, 31, "method 'm' is not a function")]
    [InlineData("type A = nat; service : A", 1, 25, "the main service is not a service type")]
    [InlineData("type A = record { 4294967296 : nat };", 1, 19, "a label below 2^32 expected, found '4294967296'")]
    [InlineData("type A = record { 4294967295 : nat; nat };", 1, 37, "no label is left for an unnamed field")]
    [InlineData("type A = \"text\";", 1, 10, "a type expected, found a text")]
    [InlineData("type A = variant { nat };", 1, 20, "'nat' is a keyword; put it in quotes to use it as a name")]
    [InlineData("type A = nat;\n/* open", 2, 1, "comment is not closed")]
    [InlineData("import \"none.did\";", 1, 1, "file none.did is not there")]
    [InlineData("type A = record { \"\\u{d800}\" : nat };", 1, 20, "not a Unicode scalar value")]
    [InlineData("type A = record { \"\\ff\" : nat };", 1, 19, "text is not UTF-8")]
    [InlineData("type A = # nat;", 1, 10, "unexpected character '#'")]
    public void A_fault_has_its_place_and_reason(string text, int line, int column, string? reason)
    {
        if (reason is null)
        {
            Assert.NotNull(DidInterface.Load(text, "x.did").Service);
            return;
        }

        var fault = Assert.Throws<DidException>(() => DidInterface.Load(text, "x.did"));
        Assert.Equal(reason, fault.Reason);
        Assert.Equal((line, column), (fault.Line, fault.Column));
        Assert.Equal("x.did", fault.File);
        var shown = fault.Message.Split('\n');
        Assert.Equal($"  {text.Split('\n')[line - 1]}", shown[1]);
        Assert.Equal(new string(' ', column + 1) + "^", shown[2]);
    }

    [Fact]
    public void Imports_are_relative_read_once_and_merge_services()
    {
        var reads = new List<string>();
        var files = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["lib/a.did"] = "import \"../common.did\"; import \"./b.did\"; service : { a : (T) -> () }",
            ["lib/b.did"] = "import \"../common.did\"; import \"a.did\"; type U = T;",
            ["common.did"] = "type T = nat;",
        };
        var main = DidInterface.Load(
            "import \"lib/b.did\"; import service \"lib/a.did\"; service : { own : (U) -> () }",
            "main.did",
            path =>
            {
                reads.Add(path);
                return files.GetValueOrDefault(path);
            });
        Assert.Equal(["a", "own"], main.Service!.Methods.Select(m => m.Name));
        Assert.Equal(["lib/b.did", "common.did", "lib/a.did"], reads);
        Assert.Equal(CandidKind.Nat, main.Service.Find("own")!.Arguments[0].Kind);
    }

    [Fact]
    public void Importing_a_service_that_is_not_there_or_clashes_is_refused()
    {
        static string? Files(string path) => path switch
        {
            "none.did" => "type T = nat;",
            "one.did" => "service : { m : () -> () }",
            _ => null,
        };
        Assert.Throws<DidException>(() => DidInterface.Load("import service \"none.did\"", "x.did", Files));
        Assert.Throws<DidException>(
            () => DidInterface.Load("import service \"one.did\"; service : { m : () -> () }", "x.did", Files));
        Assert.Single(DidInterface.Load("import service \"one.did\"", "x.did", Files).Service!.Methods);
    }

    [Fact]
    public void Names_may_be_anything_in_quotes()
    {
        var description = DidInterface.Load(
            "type T = record { \"\" : nat; \"opt\" : text; \"☃\\u{2603}\" : bool; \"a\\n\\\"b\" : int };\n"
            + "service : { \"\" : (T) -> (); \"🐂\" : () -> () query }",
            "x.did");
        var fields = ((CandidRecordType)description.Find("T")!.Head).Fields.Select(f => f.Label.Name).ToHashSet();
        Assert.Equal(["", "opt", "☃☃", "a\n\"b"], fields.ToHashSet());
        Assert.Equal(["", "🐂"], description.Service!.Methods.Select(m => m.Name));
    }

    [Fact]
    public void A_comment_documents_what_follows_it_directly_and_nothing_else()
    {
        var description = DidInterface.Load(
            """
            // about the file

            // first line
            // second line
            type A = nat; // not about B
            type B = record {
              a : nat; // not about b
              b : nat;
              // about c
              c : nat;
            };
            // about something else

            type C = nat;
            /* nor this */ type D = nat;
            """,
            "x.did");
        Assert.Equal(["first line", "second line"], description.Definitions[0].Docs);
        Assert.Empty(description.Definitions[1].Docs);
        var fields = ((DidFields)description.Definitions[1].Type).Fields;
        Assert.Equal([0, 0, 1], fields.Select(f => f.Docs.Count));
        Assert.Empty(description.Definitions[2].Docs);
        Assert.Empty(description.Definitions[3].Docs);
    }

    [Fact]
    public void Deep_nesting_is_refused_and_the_stack_survives() => Assert.Contains(
        "nested too deeply",
        Assert.Throws<DidException>(
            () => DidParser.Parse($"type A = {string.Concat(Enumerable.Repeat("opt ", 100_000))} nat", "x.did"))
            .Message);

    [Fact]
    public void Damaged_descriptions_are_refused_or_read_but_nothing_else_happens()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        var originals = Directory.GetFiles(RepositoryFiles.Folder("candid"), "*.did")
            .Select(File.ReadAllText).ToArray();
        const string Noise = "{}();:,=\"\\ \n/*0x_abc->.é";
        for (var round = 0; round < Deep.Count(1_500); round++)
        {
            var text = originals[round % originals.Length].ToCharArray().ToList();
            for (var i = random.Next(1, 5); i > 0; i--)
            {
                var at = random.Next(text.Count);
                if (random.Next(2) == 0)
                {
                    text.RemoveAt(at);
                }
                else
                {
                    text.Insert(at, Noise[random.Next(Noise.Length)]);
                }
            }

            try
            {
                DidInterface.Load(string.Concat(text), "x.did");
            }
            catch (Exception fault) when (fault is not DidException)
            {
                Assert.Fail($"seed {seed}, round {round}: {fault}\n{string.Concat(text)}");
            }
            catch (DidException)
            {
                // Refused with a place, as it should be.
            }
        }
    }

    private static string? Resolve(string path)
    {
        if (path == "recursion.did")
        {
            return Recursion;
        }

        var file = Path.Combine(Vectors.Path("candid/parser"), path);
        return File.Exists(file) ? File.ReadAllText(file) : null;
    }
}
