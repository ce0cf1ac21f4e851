namespace Decent.Candid.Parsing;

/// <summary>Follows imports, each file once, and puts the pieces together.</summary>
internal sealed class DidLoader(Func<string, string?> resolve)
{
    private readonly Dictionary<string, DidProgram> _programs = new(StringComparer.Ordinal);
    private readonly List<DidDefinition> _definitions = [];
    private readonly List<(DidImport Import, DidProgram Program)> _services = [];
    private readonly HashSet<string> _serviceFiles = new(StringComparer.Ordinal);
    private readonly DidScope _scope = new();

    internal DidInterface Load(string text, string path)
    {
        var program = Add(DidParser.Parse(text, path), Normalize(string.Empty, path));
        foreach (var definition in _definitions)
        {
            _scope.Declare(definition);
        }

        _scope.Bind();
        var methods = new List<DidMethod>();
        foreach (var (import, imported) in _services)
        {
            AddImported(methods, import, imported);
        }

        if (program.Actor is { } actor)
        {
            AddMethods(methods, Methods(actor), actor.Place);
            foreach (var argument in actor.InitArguments ?? [])
            {
                _scope.Lower(argument.Type);
                _scope.CheckMethods(argument.Type);
            }
        }

        return new DidInterface(_scope, _definitions, program.Actor, methods);
    }

    private DidProgram Add(DidProgram program, string path)
    {
        _programs.Add(path, program);
        foreach (var import in program.Imports)
        {
            var target = Normalize(path, import.Path);
            if (!_programs.TryGetValue(target, out var imported))
            {
                var text = resolve(target) ?? throw import.Place.Fault("file " + target + " is not there");
                imported = Add(DidParser.Parse(text, target), target);
            }

            if (import.IsService && _serviceFiles.Add(target))
            {
                _services.Add((import, imported));
            }
        }

        _definitions.AddRange(program.Definitions);
        return program;
    }

    private void AddImported(List<DidMethod> methods, DidImport import, DidProgram program)
    {
        if (program.Actor is not { } actor)
        {
            throw import.Place.Fault(import.Path + " has no service to import");
        }

        if (actor.InitArguments is not null)
        {
            throw import.Place.Fault("the service of " + import.Path + " has installation arguments");
        }

        AddMethods(methods, Methods(actor), import.Place);
    }

    private static void AddMethods(List<DidMethod> methods, IReadOnlyList<DidMethod> more, DidPlace place)
    {
        foreach (var method in more)
        {
            if (methods.Exists(m => m.Name == method.Name))
            {
                throw place.Fault("method '" + method.Name + "' is there twice");
            }

            methods.Add(method);
        }
    }

    /// <summary>The methods of a main service, through names.</summary>
    private IReadOnlyList<DidMethod> Methods(DidActor actor)
    {
        var type = actor.Type;
        while (type is DidName name)
        {
            type = _scope.FindDefinition(name.Name)?.Type
                ?? throw name.Place.Fault("type " + name.Name + " is not defined");
        }

        if (type is not DidService service)
        {
            throw actor.Type.Place.Fault("the main service is not a service type");
        }

        _scope.CheckMethods(service);
        return service.Methods;
    }

    private static bool IsRooted(string path) => path.Length > 0 && path[0] == '/';

    /// <summary>A path relative to the folder of another, with <c>.</c> and <c>..</c> resolved.</summary>
    private static string Normalize(string from, string path)
    {
        var parts = new List<string>();
        var folder = from.Substring(0, from.LastIndexOf('/') + 1);
        var whole = IsRooted(path) ? path : folder + path;
        foreach (var part in whole.Split('/'))
        {
            if (part == ".." && parts.Count > 0 && parts[parts.Count - 1] != "..")
            {
                parts.RemoveAt(parts.Count - 1);
            }
            else if (part is not ("" or "."))
            {
                parts.Add(part);
            }
        }

        return (IsRooted(whole) ? "/" : string.Empty) + string.Join("/", parts);
    }
}
