using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace Decent.Candid.Generator;

/// <summary>
/// Writes a typed client for every interface description (<c>.did</c>) among the additional files of a project.
/// </summary>
[Generator(LanguageNames.CSharp)]
public sealed class CandidGenerator : IIncrementalGenerator
{
    /// <summary>Name of the step that reads files into models; its outputs compare by value.</summary>
    public const string ModelStep = "CandidModels";

    private const string DefaultNamespace = "Decent.Canister.Client";

    private static readonly DiagnosticDescriptor Wrong = Rule("CANDID001", "The interface description is wrong");
    private static readonly DiagnosticDescriptor Clash =
        Rule("CANDID002", "Two interface descriptions have the same C# name");

    private static readonly DiagnosticDescriptor Unreadable =
        Rule("CANDID003", "The interface description cannot be read");

    /// <inheritdoc />
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var files = context.AdditionalTextsProvider
            .Where(static text => text.Path.EndsWith(".did", StringComparison.OrdinalIgnoreCase))
            .Select(static (text, ct) => new DidFile(text.Path, text.GetText(ct)?.ToString() ?? string.Empty));
        var everything = files.Collect().Select(static (all, _) => new DidFiles(all.ToEquatable()));
        var root = context.AnalyzerConfigOptionsProvider.Select(static (options, _) =>
            options.GlobalOptions.TryGetValue("build_property.CandidNamespace", out var name) && name.Length > 0
                ? name
                : DefaultNamespace);
        var results = files.Combine(everything).Combine(root)
            .Select(static (input, _) => input.Left.Right.Read(input.Left.Left, input.Right))
            .WithTrackingName(ModelStep);
        context.RegisterSourceOutput(results, static (output, result) => Emit(output, result));
    }

    private static void Emit(SourceProductionContext output, FileResult result)
    {
        if (result.Fault is { } fault)
        {
            Report(output, fault);
            return;
        }

        var model = result.Model!;
        Add("Types", TypesEmitter.Emit(model));
        Add("Codec", CodecEmitter.Emit(model));
        if (model.HasService)
        {
            Add("Canister", ClientEmitter.Emit(model));
        }

        void Add(string part, string text) =>
            output.AddSource(model.Name + "." + part + ".g.cs", SourceText.From(text, System.Text.Encoding.UTF8));
    }

    private static void Report(SourceProductionContext output, FaultModel fault)
    {
        var rule = fault.Id switch
        {
            "CANDID001" => Wrong,
            "CANDID002" => Clash,
            _ => Unreadable,
        };
        var start = new LinePosition(fault.Line - 1, fault.Column - 1);
        var place = Location.Create(fault.Path, new TextSpan(0, 0), new LinePositionSpan(start, start));
        output.ReportDiagnostic(Diagnostic.Create(rule, place, fault.Reason));
    }

    private static DiagnosticDescriptor Rule(string id, string title) =>
        new(id, title, "{0}", "Candid", DiagnosticSeverity.Error, isEnabledByDefault: true);

    /// <summary>All files: where imports are looked up, and where names clash.</summary>
    private sealed class DidFiles(EquatableArray<DidFile> files) : IEquatable<DidFiles>
    {
        private readonly EquatableArray<DidFile> _files = files;
        private readonly ImmutableDictionary<string, string> _texts = files
            .GroupBy(f => DidReader.Normalize(f.Path), StringComparer.Ordinal)
            .ToImmutableDictionary(g => g.Key, g => g.First().Text, StringComparer.Ordinal);

        public bool Equals(DidFiles? other) => other is not null && _files.Equals(other._files);

        public override bool Equals(object? obj) => Equals(obj as DidFiles);

        public override int GetHashCode() => _files.GetHashCode();

        internal FileResult Read(DidFile file, string root)
        {
            var name = DidReader.NameOf(DidReader.Normalize(file.Path));
            var first = _files.First(f => string.Equals(
                DidReader.NameOf(DidReader.Normalize(f.Path)), name, StringComparison.OrdinalIgnoreCase));
            return first.Equals(file)
                ? DidReader.Read(file, _texts, root)
                : new FileResult(file.Path, null, new FaultModel(
                    "CANDID002", file.Path, 1, 1, "the C# name " + name + " is taken by " + first.Path));
        }
    }
}
