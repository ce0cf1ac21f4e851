using Microsoft.CodeAnalysis;

namespace Decent.Candid.Generator.Tests;

/// <summary>Where complaints point.</summary>
public sealed class DiagnosticTests
{
    [Fact]
    public void A_fault_points_into_the_description()
    {
        var fault = Assert.Single(GeneratorRun.Run(
            ("/x/good.did", "service : { m : () -> () }"),
            ("/x/bad.did", "type A = nat;\ntype B = vec C;\n")).Diagnostics);
        Assert.Equal("CANDID001", fault.Id);
        Assert.Equal(DiagnosticSeverity.Error, fault.Severity);
        Assert.Equal("type C is not defined", fault.GetMessage(System.Globalization.CultureInfo.InvariantCulture));
        var place = fault.Location.GetLineSpan();
        Assert.Equal("/x/bad.did", place.Path);
        Assert.Equal((1, 13), (place.StartLinePosition.Line, place.StartLinePosition.Character));
    }

    [Fact]
    public void A_fault_in_an_import_points_there()
    {
        var run = GeneratorRun.Run(
            ("/x/main.did", "import \"lib/a.did\"; service : { m : () -> () }"), ("/x/lib/a.did", "type A = opt B;"));
        Assert.All(run.Diagnostics, d => Assert.Equal("/x/lib/a.did", d.Location.GetLineSpan().Path));
        Assert.Equal(2, run.Diagnostics.Length);
        Assert.Empty(run.GeneratedTrees);
    }

    [Fact]
    public void Imports_are_found_among_the_other_files_of_the_project()
    {
        var run = GeneratorRun.Run(
            ("/x/main.did", "import \"../y/a.did\"; service : { m : (A) -> () }"), ("/y/a.did", "type A = nat;"));
        Assert.Empty(run.Diagnostics);
        Assert.Equal(5, run.GeneratedTrees.Length);
    }

    [Fact]
    public void Two_files_with_one_name_are_refused()
    {
        var fault = Assert.Single(GeneratorRun.Run(
            ("/x/my_ledger.did", "service : {}"), ("/y/my-ledger.did", "service : {}")).Diagnostics);
        Assert.Equal("CANDID002", fault.Id);
        Assert.Equal("/y/my-ledger.did", fault.Location.GetLineSpan().Path);
    }
}
