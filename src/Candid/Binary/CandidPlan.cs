namespace Decent.Candid;

/// <summary>
/// How values of one wire type become values of one expected type: a node of the graph that a decoder walks. Parts
/// are planned when a value first gets there.
/// </summary>
public sealed class CandidPlan
{
    internal CandidPlan(PlanStep step, int wire)
    {
        Step = step;
        Wire = wire;
    }

    /// <summary>Fields of the wire type, if it is a record.</summary>
    public int FieldCount => Slots.Length;

    internal PlanStep Step { get; }

    /// <summary>The wire type.</summary>
    internal int Wire { get; }

    /// <summary>For <see cref="PlanStep.Primitive" />.</summary>
    internal CandidKind Kind { get; init; }

    /// <summary>For <see cref="PlanStep.Refuse" />: why.</summary>
    internal string Reason { get; init; } = string.Empty;

    /// <summary>Wire types of the parts: inner, element, wire fields, wire cases.</summary>
    internal int[] PartWires { get; init; } = [];

    /// <summary>Expected types of the parts; null = by wire type. Null array = all by wire type.</summary>
    internal CandidType?[]? PartTypes { get; init; }

    /// <summary>Plans of the parts, filled on demand.</summary>
    internal CandidPlan?[] Parts { get; init; } = [];

    /// <summary>
    /// For a record: position of each wire field in the result, −1 = skip. For a variant: −1 = unexpected.
    /// </summary>
    internal int[] Slots { get; init; } = [];

    /// <summary>For a record: labels of the result. For a variant: label of each wire case.</summary>
    internal CandidLabel[] Labels { get; init; } = [];

    /// <summary>For a record: the result with the missing fields filled in, or null when nothing is missing.</summary>
    internal CandidValue[]? Template { get; init; }

    /// <summary>For a variant: values of cases without payload, shared.</summary>
    internal CandidValue.Variant?[] Constants { get; init; } = [];

    internal static CandidPlan Refusal(int wire, string reason) => new(PlanStep.Refuse, wire) { Reason = reason };
}
