namespace Decent.Candid;

/// <summary>
/// Questions about pairs of types. Both are coinductive, so recursive types are fine; neither recurses.
/// </summary>
public static class CandidTypes
{
    private const int MaxPairs = 200_000;

    /// <summary>True when both describe the same values in the same way, whatever their names.</summary>
    public static bool AreEqual(CandidType left, CandidType right)
    {
        var work = new PairQueue();
        work.Add(left, right);
        while (work.TryTake(out var pair))
        {
            if (!SameShape(pair.Left, pair.Right, work))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>True when a value of the first type may be used where the second is expected.</summary>
    public static bool IsSubtype(CandidType type, CandidType expected) => IsSubtype(type, expected, out _);

    /// <summary>As <see cref="IsSubtype(CandidType, CandidType)" />, and says why not.</summary>
    public static bool IsSubtype(CandidType type, CandidType expected, out string? why) =>
        IsSubtype(type, expected, out why, out _);

    /// <summary>As the public form; also says how many pairs of types it took.</summary>
    internal static bool IsSubtype(CandidType type, CandidType expected, out string? why, out int pairs)
    {
        why = null;
        var work = new PairQueue();
        work.Add(type, expected);
        while (why is null && work.TryTake(out var pair))
        {
            why = Refusal(pair.Left, pair.Right, work);
        }

        pairs = work.Count;
        return why is null;
    }

    private static bool SameShape(CandidType left, CandidType right, PairQueue work)
    {
        if (left.Kind != right.Kind)
        {
            return false;
        }

        switch (left)
        {
            case CandidOptType opt:
                work.Add(opt.Inner, ((CandidOptType)right).Inner);
                return true;
            case CandidVecType vec:
                work.Add(vec.Item, ((CandidVecType)right).Item);
                return true;
            case CandidFieldsType fields:
                return SameFields(fields, (CandidFieldsType)right, work);
            case CandidFuncType func:
                var other = (CandidFuncType)right;
                return func.Mode == other.Mode
                    && SameList(func.Arguments, other.Arguments, work)
                    && SameList(func.Results, other.Results, work);
            case CandidServiceType service:
                return SameMethods(service, (CandidServiceType)right, work);
            default:
                return true;
        }
    }

    private static bool SameFields(CandidFieldsType left, CandidFieldsType right, PairQueue work)
    {
        if (left.FieldArray.Length != right.FieldArray.Length)
        {
            return false;
        }

        for (var i = 0; i < left.FieldArray.Length; i++)
        {
            if (left.FieldArray[i].Label != right.FieldArray[i].Label)
            {
                return false;
            }

            work.Add(left.FieldArray[i].Type, right.FieldArray[i].Type);
        }

        return true;
    }

    private static bool SameMethods(CandidServiceType left, CandidServiceType right, PairQueue work)
    {
        if (left.Methods.Count != right.Methods.Count)
        {
            return false;
        }

        for (var i = 0; i < left.Methods.Count; i++)
        {
            if (!string.Equals(left.Methods[i].Name, right.Methods[i].Name, StringComparison.Ordinal))
            {
                return false;
            }

            work.Add(left.Methods[i].Type, right.Methods[i].Type);
        }

        return true;
    }

    private static bool SameList(IReadOnlyList<CandidType> left, IReadOnlyList<CandidType> right, PairQueue work)
    {
        for (var i = 0; i < left.Count && i < right.Count; i++)
        {
            work.Add(left[i], right[i]);
        }

        return left.Count == right.Count;
    }

    /// <summary>Why the first is no subtype of the second as far as the outermost constructor shows, or null.</summary>
    private static string? Refusal(CandidType type, CandidType expected, PairQueue work)
    {
        // Everything fits an option: what does not fit inside reads as null.
        if (expected.Kind is CandidKind.Reserved or CandidKind.Opt || type.Kind == CandidKind.Empty)
        {
            return null;
        }

        switch (type, expected)
        {
            case ({ Kind: CandidKind.Nat }, { Kind: CandidKind.Int }):
            case ({ Kind: CandidKind.Service }, { Kind: CandidKind.Principal }):
                return null;
            case (CandidVecType a, CandidVecType b):
                work.Add(a.Item, b.Item);
                return null;
            case (CandidRecordType a, CandidRecordType b):
                return RecordRefusal(a, b, work);
            case (CandidVariantType a, CandidVariantType b):
                return VariantRefusal(a, b, work);
            case (CandidFuncType a, CandidFuncType b):
                return a.Mode != b.Mode
                    ? $"func is {a.Mode} where {b.Mode} is expected"
                    : ListRefusal(b.Arguments, a.Arguments, work) ?? ListRefusal(a.Results, b.Results, work);
            case (CandidServiceType a, CandidServiceType b):
                return ServiceRefusal(a, b, work);
            default:
                return type.Kind == expected.Kind && type.Kind != CandidKind.Future
                    ? null
                    : $"{type.Kind.ToString().ToLowerInvariant()} where "
                        + $"{expected.Kind.ToString().ToLowerInvariant()} is expected";
        }
    }

    private static string? RecordRefusal(CandidRecordType type, CandidRecordType expected, PairQueue work)
    {
        foreach (var field in expected.FieldArray)
        {
            var at = type.IndexOf(field.Label.Id);
            if (at >= 0)
            {
                work.Add(type.FieldArray[at].Type, field.Type);
            }
            else if (!field.Type.AllowsMissing)
            {
                return $"record has no field {field.Label}";
            }
        }

        return null;
    }

    private static string? VariantRefusal(CandidVariantType type, CandidVariantType expected, PairQueue work)
    {
        foreach (var one in type.FieldArray)
        {
            var at = expected.IndexOf(one.Label.Id);
            if (at < 0)
            {
                return $"variant case {one.Label} is not expected";
            }

            work.Add(one.Type, expected.FieldArray[at].Type);
        }

        return null;
    }

    private static string? ServiceRefusal(CandidServiceType type, CandidServiceType expected, PairQueue work)
    {
        foreach (var method in expected.Methods)
        {
            if (type.Find(method.Name) is not { } found)
            {
                return $"service has no method '{method.Name}'";
            }

            work.Add(found, method.Type);
        }

        return null;
    }

    private static string? ListRefusal(
        IReadOnlyList<CandidType> types, IReadOnlyList<CandidType> expected, PairQueue work)
    {
        for (var i = 0; i < expected.Count; i++)
        {
            if (i < types.Count)
            {
                work.Add(types[i], expected[i]);
            }
            else if (!expected[i].AllowsMissing)
            {
                return $"position {i} is missing";
            }
        }

        return null;
    }

    /// <summary>Pairs still to answer; each pair of heads once, which is what makes the answer coinductive.</summary>
    private sealed class PairQueue
    {
        private readonly HashSet<(CandidType, CandidType)> _seen = [];
        private readonly Stack<(CandidType Left, CandidType Right)> _open = new();

        internal int Count => _seen.Count;

        internal void Add(CandidType left, CandidType right)
        {
            var (a, b) = (left.Head, right.Head);
            if (ReferenceEquals(a, b) || !_seen.Add((a, b)))
            {
                return;
            }

            if (_seen.Count > MaxPairs)
            {
                throw new InvalidOperationException("types too large to compare");
            }

            _open.Push((a, b));
        }

        internal bool TryTake(out (CandidType Left, CandidType Right) pair)
        {
            if (_open.Count > 0)
            {
                pair = _open.Pop();
                return true;
            }

            pair = default;
            return false;
        }
    }
}
