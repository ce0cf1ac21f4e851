using Decent.Candid.Parsing;

namespace Decent.Candid.Generator;

/// <summary>
/// Finds definitions that lead to themselves through options, vectors and tuples alone. C# has no name for such a
/// type, so it becomes a class.
/// </summary>
internal static class StructuralCycles
{
    internal static HashSet<string> Find(IReadOnlyDictionary<string, DidDefinition> definitions)
    {
        var cyclic = new HashSet<string>(StringComparer.Ordinal);
        foreach (var name in definitions.Keys)
        {
            var seen = new HashSet<string>(StringComparer.Ordinal);
            var open = new Stack<string>();
            open.Push(name);
            while (open.Count > 0)
            {
                foreach (var next in Names(definitions[open.Pop()].Type, outermost: true))
                {
                    if (next == name)
                    {
                        cyclic.Add(name);
                    }

                    if (seen.Add(next))
                    {
                        open.Push(next);
                    }
                }
            }
        }

        return cyclic;
    }

    private static IEnumerable<string> Names(DidType type, bool outermost) => type switch
    {
        DidName name => [name.Name],
        DidOpt opt => Names(opt.Inner, outermost: false),
        DidVec vec => Names(vec.Item, outermost: false),
        DidFields { IsVariant: false } record when !outermost && ModelBuilder.IsTuple(record) =>
            record.Fields.SelectMany(f => Names(f.Type, outermost: false)),
        _ => [],
    };
}
