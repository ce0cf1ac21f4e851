namespace Decent.Candid.Generator;

/// <summary>Everything that is emitted for one interface description.</summary>
/// <param name="Path">The file, as messages name it.</param>
/// <param name="Name">C# name of the interface.</param>
/// <param name="Namespace">Namespace of what is emitted.</param>
/// <param name="Docs">Comment lines of the service.</param>
/// <param name="HasService">Whether there is a service, and so a client.</param>
/// <param name="Shapes">Every type that occurs, once; others refer to it by position.</param>
/// <param name="Names">The named types.</param>
/// <param name="Methods">The methods of the service.</param>
internal sealed record FileModel(
    string Path,
    string Name,
    string Namespace,
    EquatableArray<string> Docs,
    bool HasService,
    EquatableArray<ShapeModel> Shapes,
    EquatableArray<NameModel> Names,
    EquatableArray<MethodModel> Methods);

/// <summary>What became of one file: a model or a fault.</summary>
internal sealed record FileResult(string Path, FileModel? Model, FaultModel? Fault);

/// <summary>A fault and its place; lines and columns count from 1.</summary>
internal sealed record FaultModel(string Id, string Path, int Line, int Column, string Reason);

/// <summary>A named type: its C# name, its name in the file, and the expression of the type it stands for.</summary>
internal sealed record NameModel(string Name, string DidName, string Candid, EquatableArray<string> Docs);

/// <summary>A method, or the function of a reference.</summary>
internal sealed record MethodModel(
    string Name,
    string DidName,
    EquatableArray<string> Docs,
    EquatableArray<ArgumentModel> Arguments,
    EquatableArray<ArgumentModel> Results,
    MethodMode Mode);

/// <summary>An argument or result: its C# name, its shape, the expression of its type.</summary>
internal sealed record ArgumentModel(string Name, int Shape, string Candid);

/// <summary>How a method is called.</summary>
internal enum MethodMode
{
    Update,
    Query,
    Oneway,
}
