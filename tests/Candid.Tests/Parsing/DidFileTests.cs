using Decent.Candid.Parsing;
using Decent.Testing;

namespace Decent.Candid.Tests.Parsing;

public sealed class DidFileTests
{
    public static TheoryData<string> OwnFiles =>
        new(Directory.GetFiles(RepositoryFiles.Folder("candid"), "*.did").Select(f => Path.GetFileName(f)));

    [Fact]
    public void There_is_a_description_of_every_canister()
    {
        string[] expected =
        [
            "icp_index.did", "icp_ledger.did", "icpswap_factory.did", "icpswap_pool.did", "icrc_ledger.did",
            "platform_canister.did", "taco_exchange.did",
        ];
        var files = Directory.GetFiles(RepositoryFiles.Folder("candid"), "*.did").Select(Path.GetFileName);
        Assert.Superset(expected.ToHashSet(), files.ToHashSet()!);
    }

    [Theory]
    [MemberData(nameof(OwnFiles))]
    public void Our_description_is_sound_and_listed(string file)
    {
        var description = Own(file);
        Assert.NotEmpty(description.Service!.Methods);
        Assert.Null(description.InitArguments);
        Assert.Contains($"`{file}`", File.ReadAllText(Path.Combine(RepositoryFiles.Folder("candid"), "README.md")));
    }

    [Theory]
    [InlineData("icrc_ledger.did")]
    [InlineData("icp_ledger.did")]
    [InlineData("icp_index.did")]
    public void The_published_canister_may_stand_where_ours_is_expected(string file)
    {
        var published = DidInterface.Load(Vectors.Text($"did/{file}"), file);
        Assert.True(CandidTypes.IsSubtype(published.Service!, Own(file).Service!, out var why), why);
    }

    [Theory]
    [InlineData("icrc_ledger.did", 26)]
    [InlineData("icp_ledger.did", 30)]
    [InlineData("icp_index.did", 8)]
    [InlineData("icrc_index.did", 5)]
    [InlineData("management.did", 20)]
    public void Published_descriptions_are_understood(string file, int methods)
    {
        var description = DidInterface.Load(Vectors.Text($"did/{file}"), file);
        Assert.True(description.Service!.Methods.Count >= methods, $"{description.Service.Methods.Count}");

        // What is printed reads as the same type.
        var text = $"service : {description.Service.ToString()["service ".Length..]}";
        var types = string.Concat(description.Definitions.Select(
            d => $"type {d.Name} = {((CandidKnotType)description.Find(d.Name)!).Target};\n"));
        var again = DidInterface.Load(types + text, "printed.did");
        Assert.True(CandidTypes.AreEqual(description.Service, again.Service!));
    }

    [Fact]
    public void The_platform_ledger_reads_and_writes_as_described()
    {
        var description = Own("platform_canister.did");
        var arg = CandidArg.Of((description.Find("TransferArg")!, CandidText.Parse(
            "record { to = record { owner = principal \"aaaaa-aa\" }; amount = 5; created_at_time = opt 7 }",
            description.Find("TransferArg")!)));
        var back = CandidArg.Decode(arg.Encode(), Icrc3Blocks.TransferArg);
        Assert.Equal(5, back[0]["amount"].AsNat());
        Assert.Equal(7UL, back[0]["created_at_time"].AsOpt()!.AsNat64());
    }

    private static DidInterface Own(string file) =>
        DidInterface.Load(File.ReadAllText(Path.Combine(RepositoryFiles.Folder("candid"), file)), file);
}
