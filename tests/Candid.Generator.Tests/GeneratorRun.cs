extern alias generator;

using System.Reflection;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;
using CandidGenerator = generator::Decent.Candid.Generator.CandidGenerator;

namespace Decent.Candid.Generator.Tests;

/// <summary>Runs the generator in memory, and compiles what it writes.</summary>
internal static class GeneratorRun
{
    private static readonly Lazy<MetadataReference[]> References = new(() =>
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator)
            .Where(p => Path.GetFileName(p) is { } name && (name.StartsWith("System.", StringComparison.Ordinal)
                || name is "netstandard.dll" or "Decent.Candid.dll" or "Decent.Canister.Client.dll"))
            .Select(p => MetadataReference.CreateFromFile(p)),
    ]);

    internal static CSharpCompilation EmptyCompilation(params string[] sources) => CSharpCompilation.Create(
        "Clients" + Guid.NewGuid().ToString("N"),
        sources.Select(s => CSharpSyntaxTree.ParseText(s)),
        References.Value,
        new CSharpCompilationOptions(
            OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));

    internal static GeneratorDriver Driver(params AdditionalText[] files) => CSharpGeneratorDriver.Create(
        [new CandidGenerator().AsSourceGenerator()],
        files,
        driverOptions: new GeneratorDriverOptions(
            IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true));

    internal static GeneratorDriverRunResult Run(params (string Path, string Text)[] files) =>
        Driver(Texts(files)).RunGenerators(EmptyCompilation(), TestContext.Current.CancellationToken).GetRunResult();

    /// <summary>Generates, compiles together with more sources, and loads; any warning or error fails.</summary>
    internal static Assembly Load(string source, params (string Path, string Text)[] files)
    {
        Driver(Texts(files)).RunGeneratorsAndUpdateCompilation(
            EmptyCompilation(source), out var compilation, out var complaints, TestContext.Current.CancellationToken);
        Assert.Empty(complaints);
        using var image = new MemoryStream();
        var emitted = compilation.Emit(image, cancellationToken: TestContext.Current.CancellationToken);
        Assert.True(emitted.Success, string.Join("\n", emitted.Diagnostics
            .Where(d => d.Severity == DiagnosticSeverity.Error).Take(5)
            .Select(d => $"{d} in: {Line(d)}")));
        image.Position = 0;
        return new AssemblyLoadContext(null, isCollectible: true).LoadFromStream(image);
    }

    private static TextLine? Line(Diagnostic complaint) => complaint.Location.SourceTree?.GetText()
        .Lines[complaint.Location.GetLineSpan().StartLinePosition.Line];

    private static AdditionalText[] Texts((string Path, string Text)[] files) =>
        [.. files.Select(f => new InMemoryText(f.Path, f.Text))];

    internal sealed class InMemoryText(string path, string text) : AdditionalText
    {
        public override string Path { get; } = path;

        public override SourceText GetText(CancellationToken cancellationToken = default) => SourceText.From(text);
    }
}
