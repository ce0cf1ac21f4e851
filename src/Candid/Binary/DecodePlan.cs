namespace Decent.Candid;

/// <summary>One node of the graph that a decoder walks; parts are planned when a value first gets there.</summary>
internal sealed class DecodePlan(PlanStep step, int wire)
{
    internal PlanStep Step { get; } = step;

    /// <summary>The wire type.</summary>
    internal int Wire { get; } = wire;

    /// <summary>For <see cref="PlanStep.Primitive" />.</summary>
    internal CandidKind Kind { get; init; }

    /// <summary>For <see cref="PlanStep.Refuse" />: why.</summary>
    internal string Reason { get; init; } = string.Empty;

    /// <summary>Wire types of the parts: inner, element, wire fields, wire cases.</summary>
    internal int[] PartWires { get; init; } = [];

    /// <summary>Expected types of the parts; null = by wire type. Null array = all by wire type.</summary>
    internal CandidType?[]? PartTypes { get; init; }

    /// <summary>Plans of the parts, filled on demand.</summary>
    internal DecodePlan?[] Parts { get; init; } = [];

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

    internal static DecodePlan Refusal(int wire, string reason) => new(PlanStep.Refuse, wire) { Reason = reason };
}
