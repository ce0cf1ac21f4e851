namespace Decent.PriceOracle;

/// <summary>Whether money may be converted at a price, condition by condition.</summary>
/// <param name="Open">True when every condition holds.</param>
/// <param name="Conditions">Each condition with its value and limit, for the console.</param>
public sealed record PayoutGate(bool Open, IReadOnlyList<GateCondition> Conditions)
{
    /// <summary>A gate that is shut because nothing is known.</summary>
    public static PayoutGate Closed { get; } = new(false, []);
}

/// <summary>One condition of a <see cref="PayoutGate" />.</summary>
/// <param name="Name">Stable snake_case name, such as <c>state</c> or <c>tvl</c>.</param>
/// <param name="Holds">True when it does not stand in the way.</param>
/// <param name="Value">What is, as text.</param>
/// <param name="Limit">What is asked, as text.</param>
/// <param name="Code">Reason code when it does not hold, such as <c>E_LOW_TVL</c>.</param>
public sealed record GateCondition(string Name, bool Holds, string Value, string Limit, string? Code);
