namespace Decent.Candid.Parsing;

/// <summary>Type definitions by name, and the types they stand for.</summary>
internal sealed class DidScope
{
    private readonly Dictionary<string, (DidDefinition Definition, CandidKnotType Type)> _names =
        new(StringComparer.Ordinal);

    internal void Declare(DidDefinition definition)
    {
        if (_names.ContainsKey(definition.Name))
        {
            throw definition.Place.Fault("type " + definition.Name + " is defined twice");
        }

        _names.Add(definition.Name, (definition, new CandidKnotType(definition.Name)));
    }

    /// <summary>Binds every definition and checks that each reaches a constructor.</summary>
    internal void Bind()
    {
        foreach (var (definition, type) in _names.Values)
        {
            type.Tie(Lower(definition.Type));
        }

        foreach (var (definition, type) in _names.Values)
        {
            try
            {
                _ = type.Head;
            }
            catch (InvalidOperationException)
            {
                throw definition.Place.Fault("type " + definition.Name + " is defined by nothing but itself");
            }
        }

        foreach (var (definition, _) in _names.Values)
        {
            CheckMethods(definition.Type);
        }
    }

    internal CandidType? Find(string name) => _names.TryGetValue(name, out var found) ? found.Type : null;

    internal DidDefinition? FindDefinition(string name) =>
        _names.TryGetValue(name, out var found) ? found.Definition : null;

    /// <summary>The type that a piece of syntax stands for.</summary>
    internal CandidType Lower(DidType type) => type switch
    {
        DidPrimitive primitive => primitive.Type,
        DidName name => Find(name.Name) ?? throw name.Place.Fault("type " + name.Name + " is not defined"),
        DidOpt opt => CandidType.Opt(Lower(opt.Inner)),
        DidVec vec => CandidType.Vec(Lower(vec.Item)),
        DidFields { IsVariant: true } variant => CandidType.VariantOf(LowerFields(variant)),
        DidFields record => CandidType.RecordOf(LowerFields(record)),
        DidFunc func => CandidType.Func(LowerList(func.Arguments), LowerList(func.Results), func.Mode),
        DidService service => new CandidServiceType(
            service.Methods.Select(m => new CandidMethod(m.Name, Lower(m.Type)))),
        _ => throw type.Place.Fault("unknown type"),
    };

    internal CandidType[] LowerList(IReadOnlyList<DidArgument> arguments) =>
        arguments.Select(a => Lower(a.Type)).ToArray();

    /// <summary>Checks, once names are bound, that methods named by type are functions.</summary>
    internal void CheckMethods(DidType type)
    {
        switch (type)
        {
            case DidOpt opt:
                CheckMethods(opt.Inner);
                break;
            case DidVec vec:
                CheckMethods(vec.Item);
                break;
            case DidFields fields:
                foreach (var field in fields.Fields)
                {
                    CheckMethods(field.Type);
                }

                break;
            case DidFunc func:
                foreach (var argument in func.Arguments.Concat(func.Results))
                {
                    CheckMethods(argument.Type);
                }

                break;
            case DidService service:
                foreach (var method in service.Methods)
                {
                    if (Lower(method.Type).Kind != CandidKind.Func)
                    {
                        throw method.Type.Place.Fault("method '" + method.Name + "' is not a function");
                    }

                    CheckMethods(method.Type);
                }

                break;
        }
    }

    private IEnumerable<CandidField> LowerFields(DidFields type) =>
        type.Fields.Select(f => new CandidField(f.Label, Lower(f.Type)));
}
