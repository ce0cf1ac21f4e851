namespace Decent.Candid;

/// <summary>Decides how values of a wire type become values of an expected type. One per message.</summary>
internal sealed class DecodePlanner(WireTable table)
{
    private readonly Dictionary<(int Wire, CandidType? Expected), CandidPlan> _plans = [];

    /// <summary>Parts planned so far: what the caller charges for.</summary>
    internal long Work { get; private set; }

    /// <summary>The plan for a wire type at an expected type; null = read by the wire type alone.</summary>
    internal CandidPlan For(int wire, CandidType? expected)
    {
        var head = expected?.Head;
        if (!_plans.TryGetValue((wire, head), out var plan))
        {
            plan = head is null ? Natural(wire) : Make(wire, head);
            Work += 1 + plan.PartWires.Length + plan.Labels.Length;
            _plans.Add((wire, head), plan);
        }

        return plan;
    }

    /// <summary>The value that stands for a missing one, or null when the type does not allow that.</summary>
    internal static CandidValue? Missing(CandidType expected) => expected.Kind switch
    {
        CandidKind.Null => CandidValue.Null.Instance,
        CandidKind.Opt => CandidValue.None,
        CandidKind.Reserved => CandidValue.Reserved.Instance,
        _ => null,
    };

    private static CandidPlan Simple(PlanStep step, int wire, int part, CandidType? type) => new(step, wire)
    {
        PartWires = [part],
        PartTypes = [type],
        Parts = new CandidPlan?[1],
    };

    private CandidPlan Natural(int wire)
    {
        var kind = table.Kind(wire);
        if (wire < 0)
        {
            return kind == CandidKind.Reserved
                ? new CandidPlan(PlanStep.Discard, wire)
                : new CandidPlan(PlanStep.Primitive, wire) { Kind = kind };
        }

        var type = table[wire];
        switch (kind)
        {
            case CandidKind.Opt:
                return Simple(PlanStep.OptOpt, wire, type.Inner, null);
            case CandidKind.Vec:
                return table.Kind(type.Inner) == CandidKind.Nat8
                    ? new CandidPlan(PlanStep.Blob, wire)
                    : Simple(PlanStep.Vec, wire, type.Inner, null);
            case CandidKind.Record:
            case CandidKind.Variant:
                return new CandidPlan(kind == CandidKind.Record ? PlanStep.Record : PlanStep.Variant, wire)
                {
                    PartWires = type.Parts,
                    Parts = new CandidPlan?[type.Parts.Length],
                    Slots = [.. Enumerable.Range(0, type.Parts.Length)],
                    Labels = type.Labels,
                    Constants = new CandidValue.Variant?[kind == CandidKind.Variant ? type.Parts.Length : 0],
                };
            case CandidKind.Func:
                return new CandidPlan(PlanStep.Func, wire);
            case CandidKind.Service:
                return new CandidPlan(PlanStep.Service, wire);
            default:
                return new CandidPlan(PlanStep.Discard, wire);
        }
    }

    private CandidPlan Make(int wire, CandidType expected)
    {
        var kind = table.Kind(wire);
        if (kind == CandidKind.Empty)
        {
            return new CandidPlan(PlanStep.Primitive, wire) { Kind = kind };
        }

        switch (kind, expected)
        {
            case (_, { Kind: CandidKind.Reserved }):
                return new CandidPlan(PlanStep.Discard, wire);
            case (_, CandidOptType opt):
                return MakeOpt(wire, kind, opt);
            case (CandidKind.Nat, { Kind: CandidKind.Int }):
                return new CandidPlan(PlanStep.NatAsInt, wire);
            case (CandidKind.Service, { Kind: CandidKind.Principal }):
                return new CandidPlan(PlanStep.ServiceAsPrincipal, wire);
            case (CandidKind.Vec, CandidVecType vec):
                return table.Kind(table[wire].Inner) == CandidKind.Nat8 && vec.IsBlob
                    ? new CandidPlan(PlanStep.Blob, wire)
                    : Simple(PlanStep.Vec, wire, table[wire].Inner, vec.Item);
            case (CandidKind.Record, CandidRecordType record):
                return MakeRecord(wire, table[wire], record);
            case (CandidKind.Variant, CandidVariantType variant):
                return MakeVariant(wire, table[wire], variant);
            case (CandidKind.Func, CandidFuncType):
            case (CandidKind.Service, CandidServiceType):
                var fits = CandidTypes.IsSubtype(table.TypeOf(wire), expected, out var why, out var pairs);
                Work += pairs;
                return fits
                    ? new CandidPlan(kind == CandidKind.Func ? PlanStep.Func : PlanStep.Service, wire)
                    : CandidPlan.Refusal(wire, why!);
            default:
                return kind == expected.Kind && wire < 0
                    ? new CandidPlan(PlanStep.Primitive, wire) { Kind = kind }
                    : CandidPlan.Refusal(wire, $"{Name(kind)} where {Name(expected.Kind)} is expected");
        }
    }

    private CandidPlan MakeOpt(int wire, CandidKind kind, CandidOptType expected) => kind switch
    {
        CandidKind.Null or CandidKind.Reserved => new CandidPlan(PlanStep.OptNull, wire),
        CandidKind.Opt => Simple(PlanStep.OptOpt, wire, table[wire].Inner, expected.Inner),
        _ => Simple(PlanStep.OptWrap, wire, wire, expected.Inner),
    };

    private static CandidPlan MakeRecord(int wire, WireType type, CandidRecordType expected)
    {
        var slots = new int[type.Parts.Length];
        var types = new CandidType?[type.Parts.Length];
        var covered = new bool[expected.FieldArray.Length];
        for (var i = 0; i < slots.Length; i++)
        {
            slots[i] = expected.IndexOf(type.Labels[i].Id);
            if (slots[i] >= 0)
            {
                types[i] = expected.FieldArray[slots[i]].Type;
                covered[slots[i]] = true;
            }
        }

        CandidValue[]? template = null;
        for (var i = 0; i < covered.Length; i++)
        {
            if (covered[i])
            {
                continue;
            }

            if (Missing(expected.FieldArray[i].Type) is not { } value)
            {
                return CandidPlan.Refusal(wire, $"record has no field {expected.FieldArray[i].Label}");
            }

            template ??= new CandidValue[covered.Length];
            template[i] = value;
        }

        return new CandidPlan(PlanStep.Record, wire)
        {
            PartWires = type.Parts,
            PartTypes = types,
            Parts = new CandidPlan?[slots.Length],
            Slots = slots,
            Labels = expected.LabelArray,
            Template = template,
        };
    }

    private static CandidPlan MakeVariant(int wire, WireType type, CandidVariantType expected)
    {
        var slots = new int[type.Parts.Length];
        var types = new CandidType?[slots.Length];
        var labels = new CandidLabel[slots.Length];
        for (var i = 0; i < slots.Length; i++)
        {
            slots[i] = expected.IndexOf(type.Labels[i].Id);
            var known = slots[i] >= 0 ? expected.FieldArray[slots[i]] : null;
            labels[i] = known?.Label ?? type.Labels[i];
            types[i] = known?.Type;
        }

        return new CandidPlan(PlanStep.Variant, wire)
        {
            PartWires = type.Parts,
            PartTypes = types,
            Parts = new CandidPlan?[slots.Length],
            Slots = slots,
            Labels = labels,
            Constants = new CandidValue.Variant?[slots.Length],
        };
    }

    private static string Name(CandidKind kind) => kind.ToString().ToLowerInvariant();
}
