extern alias generator;

using Microsoft.CodeAnalysis;
using CandidGenerator = generator::Decent.Candid.Generator.CandidGenerator;

namespace Decent.Candid.Generator.Tests;

/// <summary>What is not generated again.</summary>
public sealed class IncrementalTests
{
    private const string Second = "// docs\ntype B = nat; service : { n : (B) -> (B) query }";

    private static readonly AdditionalText One = new GeneratorRun.InMemoryText(
        "/x/one.did", "type A = record { a : nat }; service : { m : (A) -> () }");

    private static readonly AdditionalText Two = new GeneratorRun.InMemoryText("/x/two.did", Second);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public void An_edit_of_the_program_generates_nothing_again()
    {
        var driver = GeneratorRun.Driver(One, Two).RunGenerators(GeneratorRun.EmptyCompilation(), Ct);
        driver = driver.RunGenerators(GeneratorRun.EmptyCompilation("class Edited;"), Ct);
        Assert.All(Reasons(driver, output: true), r => Assert.Equal(IncrementalStepRunReason.Cached, r));
    }

    [Fact]
    public void An_edit_of_one_file_leaves_the_output_of_the_others_alone()
    {
        var driver = GeneratorRun.Driver(One, Two).RunGenerators(GeneratorRun.EmptyCompilation(), Ct);
        driver = driver
            .ReplaceAdditionalText(Two, new GeneratorRun.InMemoryText(Two.Path, Second + "// more"))
            .RunGenerators(GeneratorRun.EmptyCompilation(), Ct);

        // The comment at the end documents nothing, so the model of the edited file is the same too.
        Assert.All(Reasons(driver, output: false), r => Assert.Equal(IncrementalStepRunReason.Unchanged, r));
        Assert.All(Reasons(driver, output: true), r => Assert.Equal(IncrementalStepRunReason.Cached, r));
    }

    [Fact]
    public void A_real_edit_generates_that_file_again()
    {
        var driver = GeneratorRun.Driver(One, Two).RunGenerators(GeneratorRun.EmptyCompilation(), Ct);
        driver = driver
            .ReplaceAdditionalText(Two, new GeneratorRun.InMemoryText(Two.Path, Second.Replace("nat", "int")))
            .RunGenerators(GeneratorRun.EmptyCompilation(), Ct);
        Assert.Equal(
            [IncrementalStepRunReason.Unchanged, IncrementalStepRunReason.Modified], Reasons(driver, output: false));
    }

    private static IEnumerable<IncrementalStepRunReason> Reasons(GeneratorDriver driver, bool output)
    {
        var run = driver.GetRunResult().Results.Single();
        var steps = output
            ? run.TrackedOutputSteps.SelectMany(s => s.Value)
            : run.TrackedSteps[CandidGenerator.ModelStep];
        return [.. steps.SelectMany(s => s.Outputs).Select(o => o.Reason)];
    }
}
